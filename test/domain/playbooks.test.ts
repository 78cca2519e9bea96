import {
  type Arbitrary,
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  nat,
  oneof,
  option,
  property,
  record,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.ts';
import type { Agent } from '../../src/domain/agents.ts';
import { DomainError } from '../../src/domain/errors.ts';
import type { Patch } from '../../src/domain/patch.ts';
import {
  type AgentPlaybook,
  createPlaybook,
  deletePlaybook,
  importPlaybook,
  playbookList,
  playbookListProblems,
  playbooksOf,
  replacePlaybook,
  setDefaultPlaybook,
  updatePlaybook,
} from '../../src/domain/playbooks.ts';
import { createSkill, deleteSkill } from '../../src/domain/skills.ts';
import { agentWith } from '../kit/agent.ts';

const catalog = loadCatalog();
const everywhere = { skillRefs: () => true, toolRefs: () => true, messageTemplateRefs: () => true };

type Write = (agent: Agent) => Agent;

/** The id of a playbook of the agent, or an unknown id. */
const someId = (agent: Agent, at: number): string =>
  playbooksOf(agent)[at % (playbooksOf(agent).length + 1)]?.id ?? 'nobody';

const parts = record({
  isDefault: option(boolean(), { nil: undefined }),
  isOutbound: option(boolean(), { nil: undefined }),
  skillRefs: option(
    array(constantFrom('s', 's-2', 'escalate-to-human', 'nobody'), { maxLength: 2 }),
    {
      nil: undefined,
    },
  ),
});
const content = record({ name: constantFrom('a', 'b', '🙂'), body: constant('x') });
const whole = parts.chain((own) => content.map((it) => ({ ...it, ...own })));

const write: Arbitrary<Write> = oneof(
  whole.map(
    (input): Write =>
      (it) =>
        createPlaybook(it, input, catalog).agent,
  ),
  record({ at: nat(4), input: whole }).map(
    ({ at, input }): Write =>
      (it) =>
        replacePlaybook(it, someId(it, at), input, catalog).agent,
  ),
  record({ at: nat(4), input: parts }).map(
    ({ at, input }): Write =>
      (it) =>
        updatePlaybook(it, someId(it, at), input, catalog).agent,
  ),
  nat(4).map(
    (at): Write =>
      (it) =>
        deletePlaybook(it, someId(it, at)),
  ),
  nat(4).map(
    (at): Write =>
      (it) =>
        setDefaultPlaybook(it, someId(it, at)),
  ),
  constantFrom(...catalog.playbookTemplates.list()).map(
    (template): Write =>
      (it) =>
        importPlaybook(it, template).agent,
  ),
  constant<Write>((it) => createSkill(it, { name: 's', body: 'x' }, catalog).agent),
  constantFrom('s', 's-2').map(
    (id): Write =>
      (it) =>
        deleteSkill(it, id, catalog),
  ),
);

/** A refused write returns the agent unchanged. */
function attempt(agent: Agent, change: Write): Agent {
  const before = JSON.stringify(agent);
  try {
    return change(agent);
  } catch (error) {
    if (error instanceof DomainError) return agent;
    throw error;
  } finally {
    expect(JSON.stringify(agent)).toBe(before);
  }
}

describe('after any writes', () => {
  it('one playbook is the default, at most one is outbound, ids are unique and references exist', () => {
    assert(
      property(array(write, { maxLength: 15 }), (writes) => {
        let agent = agentWith();
        for (const change of writes) {
          agent = attempt(agent, change);
          const playbooks = playbooksOf(agent);
          const defaults = playbooks.filter(({ isDefault }) => isDefault).length;
          expect(defaults).toBe(playbooks.length > 0 ? 1 : 0);
          expect(playbooks.filter(({ isOutbound }) => isOutbound).length).toBeLessThanOrEqual(1);
          expect(new Set(playbooks.map(({ id }) => id)).size).toBe(playbooks.length);
          const skills = new Set(
            [...(agent.skills ?? []), ...catalog.systemSkills.list()].map(({ id }) => id),
          );
          const refs = playbooks.flatMap(({ skillRefs = [] }) => skillRefs);
          expect(refs.filter((id) => !skills.has(id))).toEqual([]);
        }
      }),
    );
  });
});

describe('updatePlaybook', () => {
  const optional = (value: Arbitrary<string>) =>
    option(option(value, { nil: null }), { nil: undefined });
  const patch: Arbitrary<Patch<AgentPlaybook>> = record({
    name: option(constantFrom('c', 'd'), { nil: undefined }),
    description: optional(constantFrom('', 'e')),
    whenToUse: optional(constantFrom('f', 'g')),
  });

  it('is a merge patch', () => {
    const before = { id: 'a', name: 'a', description: 'b', body: 'x', isDefault: true };
    assert(
      property(patch, (given) => {
        const agent = agentWith({ playbooks: [before] });
        const { item } = updatePlaybook(agent, 'a', given, catalog);
        const merged = { ...before, ...JSON.parse(JSON.stringify(given)) } as object;
        const expected = Object.entries(merged).filter(([, value]) => value !== null);
        expect(item).toEqual(Object.fromEntries(expected));
      }),
    );
  });
});

describe('a new list', () => {
  const playbook = (input: Partial<AgentPlaybook>) => ({ name: 'a', body: 'b', ...input });

  it.each([
    [[], []],
    [[playbook({ isDefault: true }), playbook({ isOutbound: true })], []],
    [[playbook({})], ['p: must have exactly one default, not 0']],
    [
      [playbook({ isDefault: true }), playbook({ isDefault: true })],
      ['p: must have exactly one default, not 2'],
    ],
    [
      [playbook({ isDefault: true, isOutbound: true }), playbook({ isOutbound: true })],
      ['p: must have at most one outbound playbook, not 2'],
    ],
    [[playbook({ id: 'x', isDefault: true }), playbook({ id: 'x' })], ['p[1].id: is repeated']],
  ])('%j has the problems %j', (inputs, problems) => {
    const found = playbookListProblems(inputs, everywhere, 'p');
    expect(found.map(({ path, message }) => `${path}: ${message}`)).toEqual(problems);
  });

  it('mints missing ids', () => {
    const inputs = [playbook({}), playbook({ id: 'a', isDefault: true }), playbook({})];
    expect(playbookList(inputs).map(({ id }) => id)).toEqual(['a-2', 'a', 'a-3']);
  });
});

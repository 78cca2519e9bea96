import { array, assert, boolean, constantFrom, oneof, option, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.ts';
import type { Agent } from '../../src/domain/agents.ts';
import { DomainError } from '../../src/domain/errors.ts';
import {
  createSkill,
  deleteSkill,
  importSkill,
  setSkillEnabled,
  skillList,
  skillListProblems,
  skillOf,
  skillsOf,
  updateSkill,
} from '../../src/domain/skills.ts';
import { agentWith } from '../kit/agent.ts';

const catalog = loadCatalog();
const ids = constantFrom('a', 'a-2', 'call-booking', 'escalate-to-human');

type Write = (agent: Agent) => Agent;
const write = oneof(
  record({ id: option(ids, { nil: undefined }), name: constantFrom('a', 'Escalate to human') }).map(
    (input): Write =>
      (it) =>
        createSkill(it, { ...input, body: 'x' }, catalog).agent,
  ),
  ids.map(
    (id): Write =>
      (it) =>
        deleteSkill(it, id, catalog),
  ),
  record({ id: ids, enabled: boolean() }).map(
    ({ id, enabled }): Write =>
      (it) =>
        setSkillEnabled(it, id, enabled, catalog).agent,
  ),
  constantFrom(...catalog.skillTemplates.list().slice(0, 4)).map(
    (template): Write =>
      (it) =>
        importSkill(it, template, catalog).agent,
  ),
);

describe('after any writes', () => {
  it('ids are unique, system skills are listed, and each tool is bound once', () => {
    assert(
      property(array(write, { maxLength: 12 }), (writes) => {
        let agent = agentWith();
        for (const change of writes) {
          try {
            agent = change(agent);
          } catch (error) {
            if (!(error instanceof DomainError)) throw error;
          }
          const skills = skillsOf(agent, catalog);
          expect(new Set(skills.map(({ id }) => id)).size).toBe(skills.length);
          const system = skills.filter(({ source }) => source === 'system');
          expect(system.map(({ id, body }) => ({ id, body }))).toEqual(
            catalog.systemSkills.list().map(({ id, body }) => ({ id, body })),
          );
          const bound = (agent.toolBindings ?? []).map(({ toolId }) => toolId);
          expect(new Set(bound).size).toBe(bound.length);
        }
      }),
    );
  });

  it('a repeated import changes nothing', () => {
    assert(
      property(
        array(write, { maxLength: 6 }),
        constantFrom(...catalog.skillTemplates.list()),
        (writes, template) => {
          const agent = writes.reduce((it, change) => {
            try {
              return change(it);
            } catch (error) {
              if (error instanceof DomainError) return it;
              throw error;
            }
          }, agentWith());
          const once = importSkill(agent, template, catalog);
          const twice = importSkill(once.agent, template, catalog);
          expect(twice.agent).toEqual(once.agent);
          expect(twice.item.addedToolBindings).toEqual([]);
        },
      ),
    );
  });
});

describe('updateSkill', () => {
  const before = { id: 'a', name: 'a', body: 'b', description: 'c', enabled: true };

  it.each([
    [{}, before],
    [{ description: null }, { id: 'a', name: 'a', body: 'b', enabled: true }],
    [
      { enabled: false, body: 'd' },
      { ...before, enabled: false, body: 'd' },
    ],
    [{ requiredTools: ['x'] }, { ...before, requiredTools: ['x'] }],
  ])('with %j', (patch, expected) => {
    const { agent } = updateSkill(agentWith({ skills: [before] }), 'a', patch, catalog);
    expect(agent.skills).toEqual([expected]);
    expect(skillOf(agent, 'a', catalog)).toEqual({ ...expected, source: 'author' });
  });
});

describe('a new list', () => {
  it('is refused with the id of a system skill, a repeated id or an id that is no slug', () => {
    const skill = (id: string) => ({ id, name: 'a', body: 'b' });
    const inputs = [skill('a'), skill('escalate-to-human'), skill('a'), skill('A b')];
    expect(
      skillListProblems(inputs, catalog, 'skills')
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['skills[1].id', 'skills[2].id', 'skills[3].id']);
  });

  it('mints ids that no system skill has', () => {
    const [skill] = skillList([{ name: 'Escalate to human', body: 'b' }], catalog);
    expect(skill).toEqual({
      id: 'escalate-to-human-2',
      name: 'Escalate to human',
      body: 'b',
      enabled: true,
    });
  });
});

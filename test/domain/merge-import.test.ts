import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.ts';
import type { Agent } from '../../src/domain/agents.ts';
import { exportDefinition, importDefinition } from '../../src/domain/definitions.ts';
import {
  boundedConflicts,
  MergeConflict,
  type MergedImport,
  mergeDefinition,
} from '../../src/domain/merge-import.ts';
import type { Side } from '../../src/domain/merge-values.ts';
import { accepted } from '../../src/domain/outcome.ts';
import type { DefinitionInput } from '../../src/domain/sections.ts';
import { agentWith } from '../kit/agent.ts';
import { agents } from '../kit/sections.ts';

const catalog = loadCatalog();
const shapeProblems = () => [];

function merged(
  base: Agent,
  agent: Agent,
  input: DefinitionInput,
  onConflict?: Side,
): MergedImport {
  return mergeDefinition(agent, input, { base, onConflict, shapeProblems }, catalog);
}

const skill = (id: string, body = 'b') => ({ id, name: id, body, enabled: true });
const playbook = (id: string, fields: object = {}) => ({
  id,
  name: id,
  body: 'b',
  isDefault: false,
  ...fields,
});

describe('an import with a base', () => {
  it('gives a valid agent, or names every problem', () => {
    let valid = 0;
    fc.assert(
      fc.property(agents(), agents(), agents(), (base, agent, yours) => {
        const { after, refusal } = merged(base, agent, exportDefinition(yours), 'yours');
        if (refusal) {
          expect(refusal.code).toBe('merge.invalid');
          expect(refusal.problems).not.toEqual([]);
          return;
        }
        valid += 1;
        const again = importDefinition(after, exportDefinition(after), catalog);
        expect(exportDefinition(accepted(again).agent)).toEqual(exportDefinition(after));
      }),
      { numRuns: 200 },
    );
    expect(valid).toBeGreaterThan(50);
  });

  it('of an agent that nobody has changed is the import without one', () => {
    fc.assert(
      fc.property(agents(), agents(), (agent, yours) => {
        const input = exportDefinition(yours);
        const plain = accepted(importDefinition(agent, input, catalog));
        const outcome = merged(agent, agent, input);
        expect(outcome.conflicts).toEqual([]);
        expect(exportDefinition(accepted(outcome).agent)).toEqual(exportDefinition(plain.agent));
      }),
    );
  });

  it('keeps what others changed in sections and items that the definition leaves as they were', () => {
    const base = agentWith({ skills: [skill('a'), skill('b')], products: ['p'] });
    const agent = { ...base, skills: [skill('a', 'theirs'), skill('b'), skill('c')] };
    const outcome = merged(base, agent, { skills: [skill('a'), skill('b', 'yours')] });
    expect(accepted(outcome).agent).toEqual({
      ...agent,
      skills: [skill('a', 'theirs'), skill('b', 'yours'), skill('c')],
    });
    expect(outcome.item).toEqual(['skills']);
  });

  it('removes references to what it removes, also in sections that it does not have', () => {
    const playbooks = [playbook('p', { isDefault: true, skillRefs: ['a', 'b'] })];
    const base = agentWith({ skills: [skill('a'), skill('b')], playbooks });
    const agent = { ...base, products: ['theirs'] };
    const after = accepted(merged(base, agent, { skills: [skill('b')] })).agent;
    expect(after.playbooks).toEqual([playbook('p', { isDefault: true, skillRefs: ['b'] })]);
    expect(after.products).toEqual(['theirs']);
  });

  it('accepts a reference to what others have added, and refuses one to what they have removed', () => {
    const base = agentWith({
      skills: [skill('a')],
      playbooks: [playbook('p', { isDefault: true })],
    });
    const refersTo = (id: string) => ({
      playbooks: [playbook('p', { isDefault: true, skillRefs: [id] })],
    });
    const added = { ...base, skills: [skill('a'), skill('new')] };
    expect(accepted(merged(base, added, refersTo('new'))).agent.playbooks).toEqual(
      refersTo('new').playbooks,
    );
    const removed = { ...base, skills: [] };
    expect(merged(base, removed, refersTo('a')).refusal).toMatchObject({
      code: 'merge.invalid',
      problems: [{ path: 'playbooks[0].skillRefs[0]' }],
    });
    expect(merged(base, base, refersTo('nowhere')).refusal).toMatchObject({
      code: 'request.invalid',
      problems: [{ path: 'playbooks[0].skillRefs[0]' }],
    });
  });

  it('refuses two changes that each are valid, and together are not', () => {
    const three = (id: string) => ({
      playbooks: ['a', 'b', 'c'].map((it) => playbook(it, { isDefault: it === id })),
    });
    const outcome = merged(agentWith(three('a')), agentWith(three('b')), three('c'));
    expect(outcome.conflicts).toEqual([]);
    expect(outcome.refusal).toMatchObject({
      code: 'merge.invalid',
      problems: [{ path: 'playbooks', message: 'must have exactly one default, not 2' }],
    });
  });

  it('refuses a field that both sides changed, unless a side wins', () => {
    const of = (text: string) => ({ personality: { text } });
    const [base, agent] = [agentWith(of('a')), agentWith(of('b'))];
    const { refusal } = merged(base, agent, of('c'));
    expect(refusal).toBeInstanceOf(MergeConflict);
    expect(refusal?.message).toBe(
      '1 field was changed both in the definition and in the agent since the base: in personality',
    );
    expect(refusal?.conflicts).toEqual([
      { section: 'personality', path: 'text', base: 'a', theirs: 'b', yours: 'c' },
    ]);
    expect(accepted(merged(base, agent, of('c'), 'yours')).agent).toEqual(agentWith(of('c')));
    expect(accepted(merged(base, agent, of('c'), 'theirs')).agent).toEqual(agent);
    expect(merged(base, agent, of('c'), 'yours').conflicts).toHaveLength(1);
  });

  it('refuses a merged value that no caller may send', () => {
    const lines = (first: string, last: string) => ({
      personality: { text: `${first}\nb\n${last}` },
    });
    const request = {
      base: agentWith(lines('', '')),
      onConflict: undefined,
      shapeProblems: ({ personality }: DefinitionInput) => {
        const isLong = (personality?.text?.length ?? 0) > 25;
        return isLong ? [{ path: 'personality.text', message: 'is too long' }] : [];
      },
    };
    const agent = agentWith(lines('x'.repeat(20), ''));
    const outcome = mergeDefinition(agent, lines('', 'y'.repeat(20)), request, catalog);
    expect(outcome.refusal).toMatchObject({
      code: 'merge.invalid',
      problems: [{ path: 'personality.text', message: 'is too long' }],
    });
  });
});

describe('the conflicts of an answer', () => {
  const conflict = (length: number) => ({
    section: 'personality' as const,
    path: 'text',
    base: 'x'.repeat(length),
    theirs: 'a',
    yours: 'b',
  });

  it('are a bounded number, with values of a bounded length', () => {
    const bounded = boundedConflicts(Array.from({ length: 1_000 }, () => conflict(100_000)));
    expect(bounded).toHaveLength(500);
    expect(JSON.stringify(bounded).length).toBeLessThan(320 * 1024);
    expect(bounded[0]).toEqual(conflict(100_000));
    expect(bounded[499]).toEqual({ section: 'personality', path: 'text', valuesOmitted: true });
  });
});

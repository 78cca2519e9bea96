import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/domain/agents.ts';
import { applyChanges, type Change, diff } from '../../src/domain/changes.ts';
import { exportDefinition } from '../../src/domain/definitions.ts';
import { SECTION_NAMES } from '../../src/domain/sections.ts';
import { agentWith } from '../kit/agent.ts';
import { agents } from '../kit/sections.ts';

/** Free-form JSON with few names, so that two of them often differ at one path. */
const names = fc.constantFrom('a', 'b', 'a.b', '', '["', '"]', '\\', '__proto__', 'é');
const { config } = fc.letrec<{ value: unknown; config: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('x', 'y', 0, 1, true, null),
    fc.array(tie('value'), { maxLength: 2 }),
    tie('config'),
  ),
  config: fc.dictionary(names, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));

const named = fc.record(
  { name: fc.constantFrom('One', 'Two'), description: fc.constantFrom('x', 'y') },
  { requiredKeys: ['name'] },
);
const agent = fc
  .tuple(agents(config), named)
  .map(([parts, name]): Agent => ({ ...parts, ...name }));

/** The content that changes are about. */
function contentOf({ name, description, ...parts }: Agent) {
  return { name, description, ...exportDefinition(agentWith(parts)) };
}

const json = <T>(value: T) => JSON.parse(JSON.stringify(value)) as T;
const item = (id: string) => ({ id, name: id, body: 'b' });

function changed(parts: Partial<Agent>, to: Partial<Agent>): readonly Change[] {
  return diff(agentWith(parts), agentWith(to));
}

describe('diff', () => {
  it('applied to the first of two agents gives the second, also when sent as JSON', () => {
    fc.assert(
      fc.property(agent, agent, (before, after) => {
        const changes = diff(before, after);
        const applied = applyChanges(before, json(changes));
        expect(contentOf(applied)).toEqual(contentOf(after));
        expect(diff(applied, after)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('of an agent and its copy is empty', () => {
    fc.assert(
      fc.property(agent, (one) => {
        expect(diff(one, json(one))).toEqual([]);
      }),
    );
  });

  it('contains the value before where the opposite diff contains the value after', () => {
    const isEmpty = (value: unknown) => JSON.stringify(value) === '{}';
    const values = (changes: readonly Change[]) =>
      changes
        // An empty object that is filled is no change of its own.
        .filter(({ before, after }) => !isEmpty(before) && !isEmpty(after))
        .filter(({ path, section }) => path !== '' || section === 'products')
        .map(({ section, itemId, path, before, after }) => ({
          section,
          itemId,
          path,
          before,
          after,
        }));
    fc.assert(
      fc.property(agent, agent, (one, other) => {
        const opposite = values(diff(other, one)).map(({ before, after, ...rest }) => ({
          ...rest,
          before: after,
          after: before,
        }));
        expect(new Set(values(diff(one, other)).map((it) => JSON.stringify(it)))).toEqual(
          new Set(opposite.map((it) => JSON.stringify(it))),
        );
      }),
    );
  });

  it.each(SECTION_NAMES)('sees a change of %s', (section) => {
    fc.assert(
      fc.property(agents(), agents(), (one, other) => {
        fc.pre(
          JSON.stringify(exportDefinition(one)[section]) !==
            JSON.stringify(exportDefinition(other)[section]),
        );
        const after = { ...one, [section]: other[section] };
        expect(new Set(diff(one, after).map((change) => change.section))).toEqual(
          new Set([section]),
        );
      }),
      { numRuns: 30 },
    );
  });

  it.each<[string, Partial<Agent>, Partial<Agent>, readonly Change[]]>([
    [
      'the name and the description',
      { name: 'A' },
      { name: 'B', description: 'x' },
      [
        { section: 'agent', path: 'name', kind: 'changed', before: 'A', after: 'B' },
        { section: 'agent', path: 'description', kind: 'added', after: 'x' },
      ],
    ],
    [
      'one leaf per field',
      { personality: { text: 'a', derivedFrom: { templateId: 't', version: '1' } } },
      { personality: { text: 'a', derivedFrom: { templateId: 't', version: '2' } } },
      [
        {
          section: 'personality',
          path: 'derivedFrom.version',
          kind: 'changed',
          before: '1',
          after: '2',
        },
      ],
    ],
    [
      'a list without ids as a whole',
      { guardrails: { topicsToAvoid: ['a'] }, products: ['p'] },
      { guardrails: { topicsToAvoid: ['a', 'b'], claimsNotToMake: [] }, products: [] },
      [
        {
          section: 'guardrails',
          path: 'topicsToAvoid',
          kind: 'changed',
          before: ['a'],
          after: ['a', 'b'],
        },
        { section: 'guardrails', path: 'claimsNotToMake', kind: 'added', after: [] },
        { section: 'products', path: '', kind: 'changed', before: ['p'], after: [] },
      ],
    ],
    [
      'an item that is added, and one that is removed',
      { messageTemplates: [item('a')] },
      { messageTemplates: [item('b')] },
      [
        { section: 'messageTemplates', itemId: 'b', path: '', kind: 'added', after: null },
        { section: 'messageTemplates', itemId: 'b', path: 'name', kind: 'added', after: 'b' },
        { section: 'messageTemplates', itemId: 'b', path: 'body', kind: 'added', after: 'b' },
        { section: 'messageTemplates', itemId: 'a', path: '', kind: 'removed', before: null },
        { section: 'messageTemplates', itemId: 'a', path: 'name', kind: 'removed', before: 'a' },
        { section: 'messageTemplates', itemId: 'a', path: 'body', kind: 'removed', before: 'b' },
      ],
    ],
    [
      'the one item that moved',
      { messageTemplates: ['a', 'b', 'c', 'd'].map(item) },
      { messageTemplates: ['d', 'a', 'b', 'c'].map(item) },
      [
        {
          section: 'messageTemplates',
          itemId: 'd',
          path: '',
          kind: 'moved',
          before: 'c',
          after: null,
        },
      ],
    ],
    [
      'free-form JSON leaf by leaf, tools by their id',
      { toolBindings: [{ toolId: 't', enabled: true, config: { a: { 'x.y': 1 }, b: [1] } }] },
      { toolBindings: [{ toolId: 't', enabled: false, config: { a: { 'x.y': 2 }, b: [2] } }] },
      [
        {
          section: 'toolBindings',
          itemId: 't',
          path: 'enabled',
          kind: 'changed',
          before: true,
          after: false,
        },
        {
          section: 'toolBindings',
          itemId: 't',
          path: 'config.a["x.y"]',
          kind: 'changed',
          before: 1,
          after: 2,
        },
        {
          section: 'toolBindings',
          itemId: 't',
          path: 'config.b',
          kind: 'changed',
          before: [1],
          after: [2],
        },
      ],
    ],
    [
      'a config that is emptied without the config itself',
      { toolBindings: [{ toolId: 't', enabled: true, config: { a: 1 } }] },
      { toolBindings: [{ toolId: 't', enabled: true, config: {} }] },
      [{ section: 'toolBindings', itemId: 't', path: 'config.a', kind: 'removed', before: 1 }],
    ],
  ])('contains %s', (_, before, after, changes) => {
    expect(changed(before, after)).toEqual(changes);
  });
});

describe('secrets', () => {
  const at = '2026-01-02T03:04:05.000Z';
  const secret = (id: string) => ({ id, hint: '…hint', updatedAt: at });
  const binding = (secrets: Record<string, ReturnType<typeof secret>>) => ({
    toolId: 't',
    enabled: true,
    config: {},
    secrets,
    oauth: { credentialId: 'credential', connectedAt: at },
  });
  const before = agentWith({
    toolBindings: [binding({ kept: secret('1'), replaced: secret('2'), cleared: secret('3') })],
  });
  const after = agentWith({
    toolBindings: [binding({ kept: secret('1'), replaced: secret('4'), given: secret('5') })],
  });

  it('appear as changes without values', () => {
    const at = { section: 'toolBindings', itemId: 't' };
    expect(diff(before, after)).toEqual([
      { ...at, path: 'config.replaced', kind: 'changed' },
      { ...at, path: 'config.given', kind: 'added' },
      { ...at, path: 'config.cleared', kind: 'removed' },
    ]);
    const everything = JSON.stringify([...diff(before, after), ...diff(agentWith(), after)]);
    expect(everything).not.toMatch(/hint|credential|2026/);
  });

  it('are kept by a patch', () => {
    expect(applyChanges(before, diff(before, after))).toEqual(before);
    const renamed = diff(
      agentWith({ toolBindings: [{ toolId: 't', enabled: true, config: {} }] }),
      {
        ...agentWith(),
        toolBindings: [{ toolId: 't', enabled: false, config: { a: 1 } }],
      },
    );
    const [bound] = before.toolBindings ?? [];
    expect(applyChanges(before, renamed).toolBindings).toEqual([
      { ...bound, enabled: false, config: { a: 1 } },
    ]);
  });

  it('are removed with their binding', () => {
    expect(applyChanges(before, diff(before, agentWith())).toolBindings).toEqual([]);
  });
});

describe('applyChanges', () => {
  const three = agentWith({ messageTemplates: ['a', 'b', 'c'].map(item) });
  const idsAfter = (to: readonly string[], on: readonly string[]) => {
    const changes = diff(three, agentWith({ messageTemplates: to.map(item) }));
    const target = agentWith({ messageTemplates: on.map(item) });
    return applyChanges(target, changes).messageTemplates?.map(({ id }) => id);
  };

  it('leaves sections without changes as they are', () => {
    const one = agentWith({ messageTemplates: [item('a')], products: ['p'] });
    const applied = applyChanges(one, diff(agentWith(), agentWith({ description: 'x' })));
    expect(applied).toEqual({ ...one, description: 'x' });
    expect(applied.messageTemplates).toBe(one.messageTemplates);
  });

  it.each([
    ['keeps an item that was added in the meantime', 'cab', 'abct', 'cabt'],
    ['puts an item behind its neighbour', 'axbc', 'tabc', 'taxbc'],
    ['puts an item last whose neighbour was removed in the meantime', 'abxc', 'ac', 'acx'],
    ['does not bring back an item that was removed in the meantime', 'bca', 'bc', 'bc'],
    ['removes nothing twice', 'ac', 'ac', 'ac'],
    ['adds an item once', 'abcx', 'abcx', 'abcx'],
  ])('%s', (_, to, on, expected) => {
    expect(idsAfter([...to], [...on])?.join('')).toBe(expected);
  });

  it('ignores a field of an item that was removed in the meantime', () => {
    const changes = diff(three, {
      ...three,
      messageTemplates: [item('a'), { ...item('b'), body: 'new' }, item('c')],
    });
    const target = agentWith({ messageTemplates: [item('a')] });
    expect(applyChanges(target, changes)).toEqual(target);
  });

  it('refuses a path that no diff contains', () => {
    const change = { section: 'identity', path: 'a..b', kind: 'added', after: 1 } as const;
    expect(() => applyChanges(agentWith(), [change])).toThrow("'a..b' is not the path of a field");
  });
});

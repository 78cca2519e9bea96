import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/domain/agents.ts';
import { exportDefinition } from '../../src/domain/definitions.ts';
import { isBelow } from '../../src/domain/field-paths.ts';
import { isSameJson } from '../../src/domain/json.ts';
import { leavesOf } from '../../src/domain/leaves.ts';
import { type Conflict, merge } from '../../src/domain/merge.ts';
import { SECTION_NAMES } from '../../src/domain/sections.ts';
import { agentWith } from '../kit/agent.ts';
import { agents } from '../kit/sections.ts';

/** Free-form JSON with few names, so that two of them often differ at one path. */
const names = fc.constantFrom('a', 'b', 'a.b', '', '__proto__');
const { config } = fc.letrec<{ value: unknown; config: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom('x', 'y', 0, null, 'one\ntwo\nthree', 'one\ntwo\n3', '1\ntwo\nthree'),
    tie('config'),
  ),
  config: fc.dictionary(names, tie('value'), { maxKeys: 3, noNullPrototype: true }),
}));

const named = fc.record(
  { name: fc.constantFrom('One', 'Two', 'Three'), description: fc.constantFrom('x', 'y', 'z') },
  { requiredKeys: ['name'] },
);
const agent = fc
  .tuple(agents(config), named)
  .map(([parts, name]): Agent => ({ ...parts, ...name }));

type Parts = Record<string, unknown>;

/** The content that a merge is about. */
function contentOf({ name, description, ...parts }: Agent): Parts {
  const own = description === undefined ? { name } : { name, description };
  return { agent: own, ...exportDefinition(agentWith(parts)) };
}

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every leaf of an agent, by section, item and path. */
function leaves(of: Agent): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const add = (section: string, itemId: string, value: unknown) => {
    if (!isRecord(value)) found.set(JSON.stringify([section, itemId, '']), value);
    else {
      for (const [path, leaf] of leavesOf(value, [])) {
        found.set(JSON.stringify([section, itemId, path]), leaf);
      }
    }
  };
  for (const [section, value] of Object.entries(contentOf(of))) {
    if (Array.isArray(value) && section !== 'products') {
      for (const { id, toolId, ...rest } of value as { id?: string; toolId?: string }[]) {
        add(section, id ?? toolId ?? '', rest);
      }
    } else if (value !== null) add(section, '', value);
  }
  return found;
}

const covers = (conflict: Conflict, key: string) => {
  const [section, itemId, path] = JSON.parse(key) as [string, string, string];
  if (conflict.section !== section || (conflict.itemId ?? '') !== itemId) return false;
  return [conflict.path, ''].includes(path) || conflict.path === '' || isBelow(path, conflict.path);
};

const isText = (value: unknown) => typeof value === 'string' && value.includes('\n');

describe('merge', () => {
  it('with a side that changed nothing gives the other side', () => {
    fc.assert(
      fc.property(agent, agent, (base, side) => {
        for (const merged of [merge(base, base, side), merge(base, side, base)]) {
          expect(merged.conflicts).toEqual([]);
          expect(contentOf(merged.agent)).toEqual(contentOf(side));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('of two sides that made the same of it gives what they made', () => {
    fc.assert(
      fc.property(agent, agent, (base, side) => {
        const { agent: merged, conflicts } = merge(base, side, side);
        expect(conflicts).toEqual([]);
        expect(contentOf(merged)).toEqual(contentOf(side));
      }),
    );
  });

  it('gives the same whichever side is merged into the other, unless there is a conflict', () => {
    let merges = 0;
    fc.assert(
      fc.property(agent, agent, fc.func(fc.nat(2)), (base, other, choose) => {
        // Each section and item is changed by one side, or by neither.
        const [theirs, yours] = [1, 2].map((side) => mixed(base, other, choose, side));
        if (!theirs || !yours) return;
        const merged = merge(base, theirs, yours);
        const swapped = merge(base, yours, theirs);
        expect(swapped.conflicts.length).toBe(merged.conflicts.length);
        if (merged.conflicts.length > 0) return;
        merges += 1;
        expect(contentOf(swapped.agent)).toEqual(contentOf(merged.agent));
      }),
      { numRuns: 300 },
    );
    expect(merges).toBeGreaterThan(100);
  });

  it('reports every field that both sides changed in their own way, and keeps every other change', () => {
    let clashes = 0;
    fc.assert(
      fc.property(agent, agent, agent, (base, theirs, yours) => {
        clashes += checked(base, theirs, yours);
      }),
      { numRuns: 200 },
    );
    expect(clashes).toBeGreaterThan(1000);
  });

  it('resolves every conflict to the side that is preferred', () => {
    fc.assert(
      fc.property(agent, agent, agent, (base, theirs, yours) => {
        const open = merge(base, theirs, yours);
        const resolved = merge(base, theirs, yours, 'yours');
        const fields = (conflicts: readonly Conflict[]) =>
          conflicts.filter(({ path }) => path !== '').map((it) => JSON.stringify(it));
        expect(fields(resolved.conflicts)).toEqual(fields(open.conflicts));
        const after = leaves(resolved.agent);
        const before = leaves(open.agent);
        for (const { section, itemId = '', path, theirs: their, yours: your } of open.conflicts) {
          if (path === '' || isRecord(their) || isRecord(your)) continue;
          const key = JSON.stringify([section, itemId, path]);
          expect(before.get(key)).toEqual(their);
          expect(after.get(key)).toEqual(your);
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** Checks every leaf of a merge. @returns how many leaves both sides changed in their own way */
function checked(base: Agent, theirs: Agent, yours: Agent): number {
  const { agent: merged, conflicts } = merge(base, theirs, yours);
  const [b, t, y, m] = [leaves(base), leaves(theirs), leaves(yours), leaves(merged)];
  let clashes = 0;
  for (const key of new Set([...b.keys(), ...t.keys(), ...y.keys()])) {
    const values = [b.get(key), t.get(key), y.get(key)];
    const [was, their, your] = values;
    const isCovered = conflicts.some((it) => covers(it, key));
    const kept = isSameJson(was, their) ? your : their;
    const isClash = !isSameJson(was, your) && !isSameJson(kept, your);
    if (isClash) clashes += 1;
    // An object that one side filled and the other removed is open to both.
    if (isCovered || opened(key, b, t, y)) continue;
    if (isClash) expect(values.every(isText), key).toBe(true);
    else expect(m.get(key), key).toEqual(kept);
  }
  return clashes;
}

/** Whether a leaf is within an object of one version, and a leaf or nothing in another. */
function opened(key: string, ...all: readonly ReadonlyMap<string, unknown>[]): boolean {
  const [section, itemId, path] = JSON.parse(key) as [string, string, string];
  return all.some((one) =>
    [...one.keys()].some((other) => {
      const [s, i, p] = JSON.parse(other) as [string, string, string];
      return s === section && i === itemId && (isBelow(p, path) || isBelow(path, p));
    }),
  );
}

/** The agent with some sections and items of another one: those that `choose` gives the side. */
function mixed(
  base: Agent,
  other: Agent,
  choose: (key: string) => number,
  side: number,
): Agent | undefined {
  const parts = SECTION_NAMES.map((section) => {
    const [own, their] = [base[section], other[section]];
    if (!Array.isArray(own) || !Array.isArray(their) || section === 'products') {
      return [section, choose(section) === side ? their : own] as const;
    }
    const ids = (list: readonly { id?: string; toolId?: string }[]) =>
      new Map(list.map((it) => [it.id ?? it.toolId ?? '', it]));
    const [from, to] = [ids(own), ids(their)];
    const kept = [...new Set([...from.keys(), ...to.keys()])].flatMap((id) => {
      const item = choose(`${section} ${id}`) === side ? to.get(id) : from.get(id);
      return item ? [item] : [];
    });
    return [section, kept] as const;
  });
  return agentWith(Object.fromEntries(parts.filter(([, value]) => value !== undefined)));
}

const item = (id: string, fields: object = {}) => ({ id, name: id, body: 'b', ...fields });

/** Merges lists of message templates, whose ids are single characters. */
function order(base: string, theirs: string, yours: string) {
  const of = (ids: string) => agentWith({ messageTemplates: [...ids].map((id) => item(id)) });
  const { agent: merged, conflicts } = merge(of(base), of(theirs), of(yours));
  const ids = merged.messageTemplates?.map(({ id }) => id).join('');
  return [ids, conflicts.map(({ itemId }) => itemId).join('')];
}

describe('the order of a merged list', () => {
  it.each([
    ['moves of both sides', 'abcdef', 'bacdef', 'abcdfe', 'bacdfe'],
    ['moves of both sides to opposite ends', 'abc', 'bca', 'cab', 'cba'],
    ['the same move of both sides, and another one', 'abcd', 'bcda', 'bdca', 'bdca'],
    ['items that both sides added', 'ab', 'atb', 'aby', 'atby'],
    ['items that both sides added at one place', 'ab', 'abtu', 'abyx', 'abtuyx'],
    ['an item that both sides added', 'a', 'axt', 'ax', 'axt'],
    ['several items that both sides added', 'a', 'axty', 'amxy', 'amxty'],
    ['an item behind one that the other side moved', 'abc', 'abxc', 'bca', 'bxca'],
    ['an item behind one that the other side removed', 'abc', 'abxc', 'ac', 'axc'],
    ['removals of both sides', 'abcd', 'acd', 'abc', 'ac'],
  ])('has %s', (_, base, theirs, yours, expected) => {
    expect(order(base, theirs, yours)).toEqual([expected, '']);
    expect(order(base, yours, theirs)).toEqual([expected, '']);
  });

  it.each([
    ['moved to different places', 'abcde', 'bcade', 'bcdea', 'bcade', 'a'],
    ['added at different places', 'abc', 'axbc', 'abcx', 'axbc', 'x'],
    ['whose moves cannot all be made', 'abc', 'bac', 'acb', 'bac', 'bc'],
  ])('has a conflict for items %s', (_, base, theirs, yours, merged, clashing) => {
    expect(order(base, theirs, yours)).toEqual([merged, clashing]);
  });

  it('of objectives follows their priorities, without a conflict', () => {
    const of = (...ranks: readonly number[]) =>
      agentWith({ objectives: ranks.map((priority, i) => item(`o${i}`, { priority })) as never });
    const { agent: merged, conflicts } = merge(of(1, 2, 3), of(9, 2, 3), of(1, 8, 3));
    expect(conflicts).toEqual([]);
    expect(merged.objectives?.map(({ id, priority }) => [id, priority])).toEqual([
      ['o2', 3],
      ['o1', 8],
      ['o0', 9],
    ]);
  });

  it('names the neighbours of an item that both sides moved', () => {
    const of = (ids: string) => agentWith({ messageTemplates: [...ids].map((id) => item(id)) });
    expect(merge(of('abcde'), of('bcade'), of('bcdea')).conflicts).toEqual([
      { section: 'messageTemplates', itemId: 'a', path: '', base: null, theirs: 'c', yours: 'e' },
    ]);
  });
});

describe('texts of several lines', () => {
  const text = (base: string, theirs: string, yours: string) => {
    const of = (it: string) => agentWith({ personality: { text: it } });
    const { agent: merged, conflicts } = merge(of(base), of(theirs), of(yours));
    return [merged.personality?.text, conflicts.length];
  };

  it.each([
    ['changed lines', 'a\nb\nc', 'A\nb\nc', 'a\nb\nC', 'A\nb\nC'],
    ['added lines', 'a\nb\nc', '0\na\nb\nc', 'a\nb\nc\nd', '0\na\nb\nc\nd'],
    ['removed lines', 'a\nb\nc\nd\ne', 'b\nc\nd\ne', 'a\nb\nc\ne', 'b\nc\ne'],
    ['the same change', 'a\nb\nc\nd', 'A\nb\nc\nd', 'A\nb\nc\nD', 'A\nb\nc\nD'],
    ['the end of the last line', 'a\nb\nc\n', 'A\nb\nc\n', 'a\nb\nc', 'A\nb\nc'],
    ['Windows line ends', 'a\r\nb\r\nc', 'A\r\nb\r\nc', 'a\r\nb\r\nC', 'A\r\nb\r\nC'],
  ])('are merged by lines: %s', (_, base, theirs, yours, merged) => {
    expect(text(base, theirs, yours)).toEqual([merged, 0]);
    expect(text(base, yours, theirs)).toEqual([merged, 0]);
  });

  it.each([
    ['the same line', 'a\nb\nc', 'a\nB\nc', 'a\nX\nc'],
    ['lines next to each other', 'a\nb\nc', 'A\nb\nc', 'a\nB\nc'],
    ['lines added at one place', 'a\nb', 'a\nx\nb', 'a\ny\nb'],
    ['a removed line', 'a\nb\nc', 'a\nc', 'a\nB\nc'],
    ['a text of one line', 'a', 'b', 'c'],
  ])('are a conflict, which their side keeps: %s', (_, base, theirs, yours) => {
    expect(text(base, theirs, yours)).toEqual([theirs, 1]);
  });

  it.each([
    ['one of three, and the one in the middle', 'a\nb\nb\nb\nc', 'a\nb\nb\nc', 'a\nb\nX\nb\nc'],
    ['one of two, and the first', 'a\nb\nb\nc', 'a\nb\nc', 'a\nX\nb\nc'],
    ['one of two, and the second', 'a\nb\nb\nc', 'a\nb\nc', 'a\nb\nX\nc'],
    ['one more, and the one in the middle', 'a\nb\nb\nb\nc', 'a\nb\nb\nb\nb\nc', 'a\nb\nX\nb\nc'],
    ['a pair of them', 'a\nb\na\nb\na\nb', 'a\nb\na\nb', 'a\nb\nX\nb\na\nb'],
  ])(
    'are a conflict if a side could have meant the line that the other changed: %s',
    (_, ...of) => {
      const [base = '', theirs = '', yours = ''] = of;
      expect(text(base, theirs, yours)).toEqual([theirs, 1]);
      expect(text(base, yours, theirs)).toEqual([yours, 1]);
    },
  );

  it.each([
    [
      'a removed one, and a line further on',
      'b\nb\nb\nc\nd',
      'b\nb\nc\nd',
      'b\nb\nb\nc\nD',
      'b\nb\nc\nD',
    ],
    ['the same one removed', 'b\nb\nb\nc\nd', 'b\nb\nc\nd', 'b\nb\nc\nD', 'b\nb\nc\nD'],
    ['an added paragraph', 'A\n\nB\n\nC', 'A\n\nP\n\nB\n\nC', 'A\n\nB\n\nX', 'A\n\nP\n\nB\n\nX'],
    [
      'a paragraph behind an edited one',
      'A\n\nB\n\nC',
      'A\n\nP\n\nB\n\nC',
      'X\n\nB\n\nC',
      'X\n\nP\n\nB\n\nC',
    ],
  ])('are merged although lines repeat: %s', (_, base, theirs, yours, merged) => {
    expect(text(base, theirs, yours)).toEqual([merged, 0]);
    expect(text(base, yours, theirs)).toEqual([merged, 0]);
  });

  const LINES = fc.constantFrom('', 'a', 'b', 'c');
  const TWINS = ['', '', 'b', 'b', 'b', '', '', '', ''];

  it('are merged where many of them are long, and few lines of each were changed', () => {
    const lines = Array.from({ length: 1_000 }, (_, i) => `Line ${i}`);
    const skills = (change: (body: readonly string[]) => readonly string[]) =>
      agentWith({
        skills: Array.from({ length: 100 }, (_, i) => ({
          id: `s${i}`,
          name: `S ${i}`,
          enabled: true,
          body: change(lines).join('\n'),
        })),
      });
    const atBothEnds = (it: readonly string[]) => ['first', ...it, 'last'];
    const inTheMiddle = (it: readonly string[]) => it.with(500, 'middle');
    const { agent: merged, conflicts } = merge(
      skills((it) => it),
      skills(atBothEnds),
      skills(inTheMiddle),
    );
    expect(conflicts).toEqual([]);
    expect(merged).toEqual(skills((it) => atBothEnds(inTheMiddle(it))));
  });

  it('have every removed line once less and every added line once more, whichever side is merged', () => {
    const base = fc.array(LINES, { minLength: 4, maxLength: 12 });
    const removals = fc.array(fc.nat(11), { minLength: 1, maxLength: 2 });
    const additions = fc.array(fc.tuple(fc.nat(12), LINES), { minLength: 1, maxLength: 2 });
    const count = (lines: readonly string[], line: string) =>
      lines.filter((it) => it === line).length;
    let merges = 0;
    fc.assert(
      fc.property(base, removals, additions, (lines, removed, added) => {
        const theirs = lines.filter((_, i) => !removed.includes(i));
        const yours = added.reduce((it, [at, line]) => it.toSpliced(at, 0, line), lines);
        const sides = [lines, theirs, yours].map((it) => it.join('\n'));
        const [was = '', their = '', your = ''] = sides;
        const [merged, conflicts] = text(was, their, your);
        const [swapped, others] = text(was, your, their);
        expect(others).toBe(conflicts);
        if (conflicts) return;
        merges += 1;
        expect(swapped).toBe(merged);
        const found = String(merged).split('\n');
        for (const line of lines) {
          const expected = count(theirs, line) + count(yours, line) - count(lines, line);
          expect(count(found, line), JSON.stringify([sides, merged])).toBe(expected);
        }
      }),
      { numRuns: 500 },
    );
    expect(merges).toBeGreaterThan(50);
  });

  it.each([
    ['distinct', fc.nat(10).map((last) => Array.from({ length: last + 2 }, (_, i) => `line ${i}`))],
    ['repeated', fc.array(LINES, { minLength: 2, maxLength: 12 })],
    ['repeated side by side', fc.constant(TWINS)],
  ])('are the base with every edited line of each side in its place: %s lines', (_, lines) => {
    const edits = fc.array(fc.tuple(fc.nat(11), fc.boolean()), { minLength: 1, maxLength: 3 });
    let merges = 0;
    fc.assert(
      fc.property(lines, edits, edits, (base, one, other) => {
        const made = (side: string, its: typeof one) =>
          base.map((line, i) => (its.some(([at]) => at === i) ? `${side} ${i}` : line));
        const [theirs, yours] = [made('t', one), made('y', other)];
        const [merged, conflicts] = text(base.join('\n'), theirs.join('\n'), yours.join('\n'));
        if (conflicts) return;
        merges += 1;
        const found = String(merged).split('\n');
        const edited = base.map((line, i) => (theirs[i] === line ? yours[i] : theirs[i]));
        expect(found).toEqual(edited);
      }),
      { numRuns: 300 },
    );
    expect(merges).toBeGreaterThan(20);
  });
});

describe('an item that one side removed', () => {
  const of = (...items: object[]) => agentWith({ messageTemplates: items as never });
  const base = of(item('a'), item('b'));
  const edited = of(item('a'), item('b', { body: 'new' }));
  const removed = of(item('a'));

  it('is a conflict if the other side changed it', () => {
    const whole = (body: string) => ({ name: 'b', body });
    const at = { section: 'messageTemplates', itemId: 'b', path: '', base: whole('b') };
    expect(merge(base, edited, removed).conflicts).toEqual([{ ...at, theirs: whole('new') }]);
    expect(merge(base, removed, edited).conflicts).toEqual([{ ...at, yours: whole('new') }]);
    const idsOf = (agent: Agent) => agent.messageTemplates?.map(({ id }) => id);
    expect(idsOf(merge(base, edited, removed).agent)).toEqual(['a', 'b']);
    expect(idsOf(merge(base, edited, removed, 'yours').agent)).toEqual(['a']);
    expect(merge(base, removed, edited, 'yours').agent.messageTemplates).toEqual(
      edited.messageTemplates,
    );
  });

  it('is a conflict if the other side changed a secret of it', () => {
    const binding = (id: string) => ({
      toolId: 't',
      enabled: true,
      config: {},
      secrets: { token: { id, hint: '…abcd', updatedAt: '2026-01-01T00:00:00.000Z' } },
    });
    const bound = (id: string) => agentWith({ toolBindings: [binding(id)] });
    const { agent: merged, conflicts } = merge(bound('1'), bound('2'), agentWith());
    expect(conflicts).toMatchObject([{ section: 'toolBindings', itemId: 't', path: '' }]);
    expect(JSON.stringify(conflicts)).not.toContain('abcd');
    expect(merged.toolBindings).toEqual([binding('2')]);
    expect(merge(bound('1'), bound('2'), agentWith(), 'yours').agent.toolBindings).toEqual([]);
    expect(merge(bound('1'), bound('1'), agentWith()).conflicts).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { type CallFrame, type CpuProfile, costsOf, groupOf } from '../../bench/profile/costs.ts';

const frame = (functionName: string, url = ''): CallFrame => ({
  functionName,
  url,
  lineNumber: 0,
  columnNumber: 0,
});
const placeOf = ({ functionName, url }: CallFrame) => ({
  name: functionName,
  group: functionName.startsWith('(') ? functionName : url || undefined,
});

/** root → handle (a) → { read (b) → stringify (built in), again (a) }, and idle time. */
const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 6] },
    { id: 2, callFrame: frame('handle', 'a'), children: [3, 5] },
    { id: 3, callFrame: frame('read', 'b'), children: [4] },
    { id: 4, callFrame: frame('stringify') },
    { id: 5, callFrame: frame('again', 'a') },
    { id: 6, callFrame: frame('(idle)') },
  ],
  samples: [2, 3, 4, 5, 6, 6],
  timeDeltas: [5, 10, 20, 30, 40, 1_000],
};

describe('the costs of a profile', () => {
  const costs = costsOf([profile], placeOf);
  const group = (name: string) => costs.groups.find((it) => it.group === name);

  it('are shares of the time that is not idle', () => {
    expect(costs.functions.reduce((sum, { self }) => sum + self, 0)).toBeCloseTo(1);
  });

  it('give each function the time until the next sample, the dearest first', () => {
    expect(costs.functions.map(({ name, self }) => [name, self])).toEqual([
      ['again', 0.4],
      ['stringify', 0.3],
      ['read', 0.2],
      ['handle', 0.1],
      ['(root)', 0],
    ]);
  });

  it('count a function without a source for its caller', () => {
    expect(group('b')).toEqual({ group: 'b', self: 0.5, total: 0.5 });
  });

  it('count what a group calls once, also where it calls itself', () => {
    expect(group('a')).toEqual({ group: 'a', self: 0.5, total: 1 });
  });

  it('add up over profiles', () => {
    const doubled = costsOf([profile, profile], placeOf);
    expect(doubled).toEqual(costs);
  });

  it('are 0 where the process was idle', () => {
    const idle = { ...profile, samples: [6, 6], timeDeltas: [0, 50] };
    expect(costsOf([idle], placeOf).groups.map(({ self, total }) => self + total)).toEqual([
      0, 0, 0,
    ]);
  });
});

describe('the group of a source', () => {
  it.each([
    ['src/http/answer.ts', 'src/http/answer.ts'],
    ['node_modules/yaml/browser/dist/stringify.js', 'yaml'],
    ['node_modules/@pothos/core/esm/index.js', '@pothos/core'],
    ['node_modules/a/node_modules/@b/c/index.js', '@b/c'],
  ])('of %s is %s', (source, expected) => expect(groupOf(source)).toBe(expected));
});

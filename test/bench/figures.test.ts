import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { anonymousMebibytes, cpuMicros, microsBetween, microsOnCpu } from '../../bench/cpu.ts';
import { nodeArguments, nodeFlags, npmStartArguments } from '../../bench/npm-start.ts';
import { growthOf } from '../../bench/parts/memory.ts';
import { ratiosOf } from '../../bench/parts/ratios.ts';

describe('the ratios of a row', () => {
  it('are those of the medians, to the bare server and to fastify', () => {
    const row = ratiosOf({
      bare: [10, 30, 20],
      fastify: [40, 40, 40],
      repeated: [100, 60, 80],
      first: [200, 200, 900],
    });
    expect(row.micros).toEqual({ bare: 20, fastify: 40, repeated: 80, first: 200 });
    expect(row.toBare).toEqual({ repeated: 4, first: 10 });
    expect(row.toFastify).toEqual({ repeated: 2, first: 5 });
  });

  it('leave out what was not measured', () => {
    expect(ratiosOf({ bare: [10], repeated: [20] })).toEqual({
      micros: { bare: 10, repeated: 20 },
      toBare: { repeated: 2 },
      toFastify: {},
    });
  });
});

describe('the growth of the memory', () => {
  it('is 1 where the last quarter needs no more than the second', () =>
    expect(growthOf([50, 90, 100, 95, 100, 99, 100, 98])).toBe(1));
  it('does not count how the memory fills at first', () =>
    expect(growthOf([10, 20, 100, 100, 100, 100, 100, 100])).toBe(1));
  it('shows a leak', () => expect(growthOf([10, 20, 30, 40, 50, 60, 70, 80])).toBe(2));
});

describe('the figures of a process', () => {
  it('read the time on a CPU in nanoseconds', () =>
    expect(microsOnCpu('344508403 16284515 34\n')).toBe(344_508.403));
  it('throw for anything else', () => expect(() => microsOnCpu('?')).toThrow(RangeError));
  it('read the memory that no file backs', () =>
    expect(anonymousMebibytes('VmRSS:\t  9000 kB\nRssAnon:\t  2048 kB\nRssFile:\t 10 kB\n')).toBe(
      2,
    ));

  it('count a thread that began in between, and none that ended', () => {
    const before = new Map([
      ['1', 100],
      ['2', 1_000],
    ]);
    const after = new Map([
      ['1', 150],
      ['3', 7],
    ]);
    expect(microsBetween(before, after)).toBe(57);
  });

  it('agree with what the process itself counts', () => {
    const before = cpuMicros(process.pid);
    const own = process.cpuUsage();
    const until = performance.now() + 100;
    while (performance.now() < until) JSON.stringify([until]);
    const { user, system } = process.cpuUsage(own);
    const counted = cpuMicros(process.pid) - before;
    expect(counted).toBeGreaterThan(0.5 * (user + system));
    expect(counted).toBeLessThan(2 * (user + system));
  });
});

describe("npm start's command", () => {
  it('is read without the program', () =>
    expect(nodeArguments('exec node --max-old-space-size=1536 dist/x.js serve')).toEqual([
      '--max-old-space-size=1536',
      'dist/x.js',
      'serve',
    ]));
  it('must run node', () => expect(() => nodeArguments('deno run x.ts')).toThrow(TypeError));
  it('has flags for node before the program', () =>
    expect(nodeFlags(['--a=1', '--b', 'x.js', '--port=1'])).toEqual(['--a=1', '--b']));
  it('is that of package.json', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(`exec node ${npmStartArguments().join(' ')}`).toBe(scripts.start);
  });
});

import { describe, expect, it } from 'vitest';
import { CpuShares } from '../../src/fairness/cpu-shares.ts';

const busy = expect.objectContaining({ code: 'server.busy' });

describe('shares of the processor', () => {
  it('refuse nobody while the event loop keeps up', () => {
    const cpu = new CpuShares();
    cpu.note('a', 10_000, 0);
    cpu.note('b', 1, 0);
    expect(() => cpu.admit('a', undefined, false, 0)).not.toThrow();
  });

  it('refuse nobody who is alone', () => {
    const cpu = new CpuShares();
    cpu.note('a', 10_000, 0);
    expect(() => cpu.admit('a', undefined, true, 0)).not.toThrow();
  });

  it('refuse a token that has used more than its share, and serve the others', () => {
    const cpu = new CpuShares();
    cpu.note('a', 900, 0);
    cpu.note('b', 50, 0);
    cpu.note('c', 50, 0);
    expect(() => cpu.admit('a', undefined, true, 0)).toThrow(busy);
    for (const other of ['b', 'c', 'new']) {
      expect(() => cpu.admit(other, undefined, true, 0)).not.toThrow();
    }
  });

  it('refuse none of those who use about the same', () => {
    const cpu = new CpuShares();
    for (const [caller, ms] of [
      ['a', 120],
      ['b', 100],
      ['c', 80],
    ] as const)
      cpu.note(caller, ms, 0);
    for (const caller of ['a', 'b', 'c']) {
      expect(() => cpu.admit(caller, undefined, true, 0)).not.toThrow();
    }
  });

  it('refuse an org that has used more than its share by many tokens', () => {
    const cpu = new CpuShares();
    for (let i = 0; i < 20; i += 1) {
      cpu.admit(`key_${i}`, 'greedy', false, 0);
      cpu.note(`key_${i}`, 100, 0);
    }
    cpu.admit('key_x', 'modest', false, 0);
    cpu.note('key_x', 100, 0);
    expect(() => cpu.admit('key_0', 'greedy', true, 0)).toThrow(busy);
    expect(() => cpu.admit('key_x', 'modest', true, 0)).not.toThrow();
  });

  it('forget within seconds', () => {
    const cpu = new CpuShares();
    cpu.note('a', 1_000, 0);
    cpu.note('b', 100, 0);
    expect(() => cpu.admit('a', undefined, true, 0)).toThrow(busy);
    cpu.note('b', 100, 6_000);
    expect(() => cpu.admit('a', undefined, true, 6_000)).not.toThrow();
  });

  it('keep a bounded number of callers', () => {
    const cpu = new CpuShares();
    for (let i = 0; i < 30_000; i += 1) {
      cpu.admit(`key_${i}`, `org_${i}`, false, i);
      cpu.note(`key_${i}`, 1, i);
    }
    cpu.note('a', 1e9, 30_000);
    expect(() => cpu.admit('a', undefined, true, 30_000)).toThrow(busy);
  });
});

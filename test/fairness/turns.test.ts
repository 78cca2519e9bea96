import { describe, expect, it } from 'vitest';
import { Rotation } from '../../src/fairness/rotation.ts';
import { Turns } from '../../src/fairness/turns.ts';

describe('a rotation', () => {
  it('serves callers one after the other, each in its own order', () => {
    const rotation = new Rotation<string>();
    for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']) rotation.add(item[0] ?? '', item);
    expect([rotation.size, rotation.sizeOf('a'), rotation.sizeOf('x')]).toEqual([6, 3, 0]);
    const served = [];
    for (let item = rotation.next(); item; item = rotation.next()) served.push(item);
    expect(served).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3']);
    expect(rotation.size).toBe(0);
  });
});

function busy(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('turns of the event loop', () => {
  it('do not keep short work waiting', async () => {
    const turns = new Turns();
    expect(turns.rest('a')).toBeUndefined();
    await new Promise(setImmediate);
    expect(turns.rest('a')).toBeUndefined();
  });

  it('let others in between pieces of long work, one piece in each', async () => {
    const turns = new Turns();
    let turn = 0;
    const count = setInterval(() => {
      turn += 1;
    }, 0);
    const ran: number[] = [];
    const piece = async () => {
      const later = turns.rest('a');
      if (later) await later;
      ran.push(turn);
      busy(12);
    };
    await Promise.all(Array.from({ length: 6 }, piece));
    clearInterval(count);
    expect(new Set(ran.slice(1)).size).toBeGreaterThanOrEqual(4);
  });

  it('are given to callers in rotation', async () => {
    const turns = new Turns();
    const order: string[] = [];
    const piece = async (caller: string) => {
      const later = turns.rest(caller);
      if (later) await later;
      busy(12);
      order.push(caller);
    };
    await Promise.all(['a', 'a', 'a', 'a', 'b', 'c'].map(piece));
    // The first has not had to wait.
    expect(order.slice(1, 4).sort()).toEqual(['a', 'b', 'c']);
  });
});

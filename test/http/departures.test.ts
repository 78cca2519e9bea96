import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Departures } from '../../src/http/departures.ts';

describe('answers of one turn of the event loop', () => {
  test('are sent when it ends, in their order', async () => {
    const departures = new Departures();
    const sent: number[] = [];
    departures.add(() => sent.push(1));
    departures.add(() => sent.push(2));
    expect(sent).toEqual([]);
    await nextTurn();
    expect(sent).toEqual([1, 2]);
    departures.add(() => sent.push(3));
    await nextTurn();
    expect(sent).toEqual([1, 2, 3]);
  });

  test('are sent before it ends once the first has waited for long', async () => {
    const departures = new Departures();
    const sent: number[] = [];
    departures.add(() => sent.push(1));
    const until = performance.now() + 10;
    while (performance.now() < until);
    departures.add(() => sent.push(2));
    expect(sent).toEqual([1, 2]);
    departures.add(() => sent.push(3));
    await nextTurn();
    expect(sent).toEqual([1, 2, 3]);
  });

  test('are sent with those that another one brings about', async () => {
    const departures = new Departures();
    const sent: number[] = [];
    departures.add(() => departures.add(() => sent.push(1)));
    await nextTurn();
    await nextTurn();
    expect(sent).toEqual([1]);
  });
});

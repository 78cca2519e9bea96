import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tokensIn } from '../../src/tokens/count.ts';
import { TokenCounter } from '../../src/tokens/counter.ts';
import { OpenWork } from '../../src/work.ts';
import { WORK } from '../kit/work.ts';

let counter: TokenCounter;
beforeEach(() => {
  counter = new TokenCounter();
});
afterEach(() => counter.stop());

const LENGTH = 100_000;
/** The tokenizer alone takes seconds to minutes for each of them. */
const HOSTILE = {
  'one word': 'a'.repeat(LENGTH),
  'one word in Chinese': '的'.repeat(LENGTH),
  'white space': ' '.repeat(LENGTH),
  'a row of marks': '!'.repeat(LENGTH),
  emoji: '😀'.repeat(LENGTH / 2),
};
const MAX_MS = 5_000;

describe('the estimate of a text', () => {
  it('is that of the encoding', () => {
    expect(tokensIn('')).toBe(0);
    expect(tokensIn('hello world')).toBe(2);
  });

  it('counts the name of a special token as text', () => {
    expect(tokensIn('<|endoftext|>')).toBeGreaterThan(1);
  });

  it.each(Object.entries(HOSTILE))('does not take long for %s', (_, text) => {
    const started = performance.now();
    expect(tokensIn(text)).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(MAX_MS);
  });
});

describe('a counter', () => {
  it('returns the counts of the texts that it was called with', async () => {
    const tokensOf = await counter.count(WORK, ['hello world', 'hello', 'hello world']);
    expect([tokensOf('hello world'), tokensOf('hello')]).toEqual([2, 1]);
    expect(() => tokensOf('another')).toThrow('was not counted');
  });

  it('serves many counts of one caller at the same time', async () => {
    const texts = Array.from({ length: 40 }, (_, i) => `${i}`);
    const counted = await Promise.all(texts.map((text) => counter.count(WORK, [text, 'shared'])));
    expect(counted.map((tokensOf, i) => tokensOf(`${i}`))).toEqual(texts.map(() => 1));
  });

  it('keeps counts, so that no thread is needed for them', async () => {
    await counter.count(WORK, ['hello']);
    await counter.stop();
    expect((await counter.count(WORK, ['hello']))('hello')).toBe(1);
    await expect(counter.count(WORK, ['another'])).rejects.toMatchObject({ code: 'server.busy' });
  });

  it('stops counting when nobody waits for the work', async () => {
    const work = new OpenWork({ origin: WORK.origin });
    work.end(new Error('abandoned'));
    await expect(counter.count(work, ['hello'])).rejects.toThrow('abandoned');
  });

  it('leaves the event loop free for the largest agent', async () => {
    await counter.count(WORK, ['start the thread']);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const started = performance.now();
    const largest = Array.from({ length: 8 }, (_, i) => `${i} ${'word and '.repeat(11_000)}`);
    await counter.count(WORK, largest);
    const took = performance.now() - started;
    delay.disable();
    expect(delay.max / 1e6).toBeLessThan(Math.max(200, took / 2));
  });
});

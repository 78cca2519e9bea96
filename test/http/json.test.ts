import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteBudget } from '../../src/http/byte-budget.ts';
import { jsonText } from '../../src/http/json.ts';
import { WORK } from '../kit/work.ts';

const MEBIBYTE = 1024 * 1024;
const budget = new ByteBudget(64 * MEBIBYTE, 'answers');
const write = async (value: unknown, maxBytes = 16 * MEBIBYTE) =>
  (await jsonText(value, { maxBytes, budget, work: WORK })).toString();
const long = 'é"\u0001x'.repeat(100_000);

describe('a value as JSON', () => {
  it('is as JSON.stringify writes it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.object(), async (value) => {
        expect(await write(value)).toBe(JSON.stringify(value));
        const large = { long, list: [value, long, undefined], last: undefined, value };
        expect(await write(large)).toBe(JSON.stringify(large));
      }),
      { numRuns: 30 },
    );
    expect(budget.used).toBe(0);
  });

  it.each([
    ['a long text', long.repeat(3)],
    ['many short texts', Array.from({ length: 200_000 }, (_, i) => `text ${i}`)],
    [
      'many fields',
      Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`f${i}`, long[i]])),
    ],
    ['a list of empty values', [[], {}, long, [{}], long, null]],
    [
      'a date and an error that write themselves',
      [new Date(0), long, { toJSON: () => 'it' }, long],
    ],
  ])('is the same in pieces: %s', async (_, value) => {
    expect(await write(value)).toBe(JSON.stringify(value));
  });

  it.each([
    ['long in memory', Array(40).fill(long)],
    ['long when it is escaped', ['\u0001'.repeat(3 * MEBIBYTE)]],
    ['long in bytes of UTF-8', '漢'.repeat(6 * MEBIBYTE)],
  ])('is refused when it is %s', async (_, value) => {
    await expect(write(value)).rejects.toMatchObject({ code: 'request.too_complex' });
    expect(budget.used).toBe(0);
  });

  it('is refused when a short limit is exceeded', async () => {
    expect(await write('x'.repeat(98), 100)).toHaveLength(100);
    await expect(async () => write('x'.repeat(99), 100)).rejects.toMatchObject({
      code: 'request.too_complex',
    });
    await expect(async () => write('é'.repeat(50), 100)).rejects.toMatchObject({
      code: 'request.too_complex',
    });
  });

  it('is refused while all answers together are too long', async () => {
    const full = new ByteBudget(4 * MEBIBYTE, 'answers');
    const one = { maxBytes: 16 * MEBIBYTE, budget: full, work: WORK };
    const answers = await Promise.allSettled(
      Array.from({ length: 4 }, () => jsonText(Array(5).fill(long), one)),
    );
    const refused = answers.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ reason: { code: 'server.busy' } });
    expect(full.used).toBe(0);
  });
});

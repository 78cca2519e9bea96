import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { YamlThread } from '../../src/yaml/thread.ts';

let yaml = new YamlThread();
const caller = 'key_1';
const padded = (text: string) => `${text}\n# ${'x'.repeat(10_000)}`;

beforeEach(async () => {
  await yaml.stop();
  yaml = new YamlThread();
});
afterAll(() => yaml.stop());

describe.each([
  ['at once', (text: string) => text],
  ['in the thread', padded],
])('a text that is parsed %s', (_, sized) => {
  it('gives its value', async () => {
    const text = sized('a: [1, two, null, true, 1.5]\n"b": &x {c: "é"}\nd: *x');
    expect(await yaml.parse(text, caller)).toEqual({
      a: [1, 'two', null, true, 1.5],
      b: { c: 'é' },
      d: { c: 'é' },
    });
  });

  it('gives the places of its values', async () => {
    const text = sized('a:\n  - b: 1\n  - c: 2');
    expect(await yaml.placesOf(text, ['a', 'a[1].c', 'a[7]', ''], caller)).toEqual([
      'line 1, column 1',
      'line 3, column 5',
      'line 1, column 1',
      'line 1, column 1',
    ]);
  });

  it.each([
    ['does not parse', 'a: [', 'request.malformed', 'line'],
    ['has an alias without an anchor', 'a: *b', 'request.malformed', 'alias'],
    [
      'has a number without end',
      'a:\n- .inf',
      'request.invalid',
      'a[0]: must be a finite number (line 2',
    ],
    ['has a number that is none', 'a: .nan', 'request.invalid', 'finite'],
    ['nests too deep', `${'['.repeat(101)}${']'.repeat(101)}`, 'request.malformed', 'levels'],
    ['has a list that is too long', `[${'1,'.repeat(1_000)}1]`, 'request.too_complex', '1000'],
    [
      'repeats a text by aliases',
      `a: &a ${'x'.repeat(90_000)}\nb: [${'*a,'.repeat(60)}*a]`,
      'request.too_complex',
      'aliases',
    ],
  ])('is refused when it %s', async (_case, text, code, message) => {
    await expect(yaml.parse(sized(text), caller)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('keeps a field named __proto__ as a field', async () => {
    const value = (await yaml.parse(sized('__proto__: {a: 1}'), caller)) as object;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});

/** Long enough that the thread is busy while the rest of a test runs. */
const SLOW = '? '.repeat(30_000);
const refused = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { code?: string }) => error.code,
  );

it('leaves the event loop free while it parses', async () => {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const started = performance.now();
  expect(await refused(yaml.parse(SLOW, caller))).toBe('request.malformed');
  const took = performance.now() - started;
  delay.disable();
  expect(delay.max / 1e6).toBeLessThan(Math.max(200, took / 2));
});

it('serves callers in rotation, and refuses one that has too much to parse', async () => {
  const order: string[] = [];
  const ask = (who: string) =>
    refused(yaml.parse(padded('a: 1'), who)).then((outcome) => {
      order.push(who);
      return outcome;
    });
  const first = refused(yaml.parse(SLOW, 'other'));
  const many = Array.from({ length: 9 }, () => ask('busy'));
  const few = ask('quiet');
  expect(await many[8]).toBe('server.busy');
  expect(await Promise.all(many.slice(0, 8))).toEqual(Array(8).fill('done'));
  expect(await few).toBe('done');
  expect(order.indexOf('quiet')).toBeLessThan(3);
  expect(await first).toBe('request.malformed');
});

it('refuses what waits when it stops', async () => {
  const waiting = [SLOW, padded('a: 1')].map((text) => refused(yaml.parse(text, caller)));
  await yaml.stop();
  const outcomes = await Promise.all(waiting);
  expect(outcomes[1]).toBe('server.busy');
  expect(await refused(yaml.parse(padded('a: 1'), caller))).toBe('server.busy');
});

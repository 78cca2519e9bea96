import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { yamlText } from '../../src/definitions/yaml.ts';
import { parseYaml } from '../../src/yaml/parse.ts';
import { AMBIGUOUS, jsonObjects, texts } from '../kit/yaml-values.ts';

/** The values are others in each run of the suite. */
const RUNS = 5_000;

const READERS = {
  'this API': (text: string) => parseYaml(text).value,
  'a YAML 1.2 parser': (text: string) => parse(text, { version: '1.2', merge: true }) as unknown,
  'a YAML 1.1 parser': (text: string) => parse(text, { version: '1.1' }) as unknown,
};
/** Control characters but tab and line feed, other line breaks, and what is no character. */
const UNREADABLE = /(?![\t\n])\p{Cc}|[\u2028\u2029\ufeff\ufffe\uffff]/u;

describe.each(Object.entries(READERS))('as YAML, what %s reads', (_, read) => {
  it.each(AMBIGUOUS)('is the text %j, as a value and as a key', (text) => {
    if (text !== '__proto__') {
      const value = { [text]: text, list: [text, { name: text, body: text }] };
      expect(read(yamlText(value))).toEqual(value);
    }
    expect(read(yamlText([text]))).toEqual([text]);
  });

  it('is what was written', () => {
    fc.assert(
      fc.property(jsonObjects, (value) => {
        expect(read(yamlText(value))).toEqual(value);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('YAML text', () => {
  it('contains no raw control character, line separator or byte order mark', () => {
    fc.assert(
      fc.property(jsonObjects, (value) => {
        expect(yamlText(value)).not.toMatch(UNREADABLE);
      }),
      { numRuns: RUNS },
    );
  });

  it('has texts of several lines as literal blocks', () => {
    const readable = texts
      .filter((text) => /\S/.test(text) && !UNREADABLE.test(text) && !/\s$/.test(text))
      .map((text) => `First line.\n${text}`);
    fc.assert(
      fc.property(readable, (body) => {
        expect(yamlText({ body })).toMatch(/^body: \|/);
        expect(yamlText({ list: [{ body }] })).toMatch(/^ {2}- body: \|/m);
      }),
    );
  });

  it('leaves plain texts unquoted, and numbers, flags and null as they are', () => {
    const value = { a: 'Hello, world', b: 7, c: true, d: null, e: 'call-booking', f: '3rd' };
    expect(yamlText(value)).toBe(
      'a: Hello, world\nb: 7\nc: true\nd: null\ne: call-booking\nf: 3rd\n',
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBody, problemText } from '../../src/domain/slots.ts';

const problems = (text: string) =>
  parseBody(text).problems.map((problem) => problemText(text, problem));

describe('a body', () => {
  it.each([
    ['', []],
    ['Hello.', ['Hello.']],
    ['a {{b}} c', ['a {b} c']],
    ['{{{person.email}}}', ['{', { path: 'person.email' }, '}']],
    ['{person.firstName}', [{ path: 'person.firstName' }]],
    [
      '{ person.firstName\n| "there" }',
      [{ path: 'person.firstName', fallback: { literal: 'there' } }],
    ],
    ['{person.title|""}', [{ path: 'person.title', fallback: { literal: '' } }]],
    [
      '{person.title | "say \\"hi\\" \\\\ \\n {x} | }"}',
      [{ path: 'person.title', fallback: { literal: 'say "hi" \\ \\n {x} | }' } }],
    ],
    [
      '{person.customFields.plan-type | block-send}!',
      [{ path: 'person.customFields.plan-type', fallback: { policy: 'block-send' } }, '!'],
    ],
    ['{person.customFields.a.b}', [{ path: 'person.customFields.a.b' }]],
    ['{ person.customFields.my\n key }', [{ path: 'person.customFields.my key' }]],
    ['{person.customFields.größe}', [{ path: 'person.customFields.größe' }]],
    ['{agent.companyName}{agent.name}', [{ path: 'agent.companyName' }, { path: 'agent.name' }]],
    [
      '{agent.websiteUrl|omit-message}',
      [{ path: 'agent.websiteUrl', fallback: { policy: 'omit-message' } }],
    ],
  ])('%j is parsed', (text, body) => {
    expect(parseBody(text)).toMatchObject({ body, problems: [] });
  });

  it.each([
    ['Hi }', ['at position 4 (line 1, column 4): this } closes no slot; write }} for a brace']],
    ['Hi\nyou {', ['at position 8 (line 2, column 5): this { opens no slot; write {{ for a brace']],
    ['😀 {}', ['at position 3 (line 1, column 3): this { opens no slot; write {{ for a brace']],
    [
      '{person.email',
      ['at position 1 (line 1, column 1): this { is not closed; write {{ for a brace'],
    ],
    [
      '{person.email {',
      [
        'at position 15 (line 1, column 15): expected | or }, found "{"',
        'at position 15 (line 1, column 15): this { opens no slot; write {{ for a brace',
      ],
    ],
    ['{person.email | "x" y}', ['at position 21 (line 1, column 21): expected | or }, found "y"']],
    ['{person.email | "x}', ['at position 17 (line 1, column 17): this literal is not closed']],
  ])('%j is refused at a position', (text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it.each([
    ['{user.name}', "position 2 .* must start with 'person.' or 'agent.', not user.name"],
    ['{person.email email}', 'position 2 .* no slot person.email email;'],
    ['{person}', 'position 2 .* no slot person;'],
    ['{person.customFields}', 'no slot person.customFields;'],
    ['{person.customFields.}', 'must be followed by the key'],
    ['{person.__proto__}', 'no slot person.__proto__'],
    ['{agent.id}', 'no slot agent.id; agent has name, companyName'],
    [
      "{person.email | 'x'}",
      'position 17 .* a "literal" or one of omit-sentence, omit-message, block-send',
    ],
    ['{person.email | }', 'position 17 .* a "literal" or one of'],
  ])('%j is refused with a helpful message', (text, words) => {
    expect(problems(text).join()).toMatch(new RegExp(words));
  });

  it('is refused with every problem, and parsed between them', () => {
    const { body, problems } = parseBody('{x} {person.email} {person.email | maybe} }');
    expect(problems.map(({ offset }) => offset)).toEqual([1, 35, 42]);
    expect(body).toContainEqual({ path: 'person.email' });
  });

  it('is the text itself, for any text whose braces are doubled', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const doubled = text.replace(/[{}]/g, '$&$&');
        expect(parseBody(doubled)).toMatchObject({ body: text ? [text] : [], problems: [] });
      }),
    );
  });

  it('is parsed or refused, for any text', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '{{',
      '|',
      '"',
      '\\',
      'person.',
      'email',
      ' ',
      '\n',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        for (const { offset } of parseBody(text).problems) {
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(offset).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });

  it.each(['{', '{ ', '}', '{"', '{person.email | "', '{person.email ', '{{ }} '])(
    'is read in linear time: many repetitions of %j',
    (piece) => {
      const text = piece.repeat(Math.ceil(200_000 / piece.length)).concat('{');
      let reads = 0;
      const counted = new Proxy(new String(text), {
        get(target, property) {
          if (typeof property === 'string' && /^\d+$/.test(property)) reads += 1;
          const value = Reflect.get(target, property) as unknown;
          return typeof value === 'function' ? value.bind(text) : value;
        },
      });
      const { problems } = parseBody(counted as unknown as string);
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.length).toBeLessThanOrEqual(20);
      expect(reads).toBeLessThan(8 * text.length);
    },
  );
});

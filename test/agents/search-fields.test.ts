import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentSearchFields, comparedName, isMatch } from '../../src/agents/search-fields.ts';

describe('a name is searched', () => {
  it.each([
    ['Acme Sales  Bot', ['acme sales bot', 'sales bot', 'bot']],
    ['(EU) Café-Bot', ['eu) café-bot', 'café-bot', 'bot']],
    ['客服机器人', ['客服机器人']],
    ['🤖', ['🤖']],
    ['...', ['...']],
    ['A b c d e f g h i j', 'abcdefgh'.split('').map((_, i) => 'a b c d e f g h i j'.slice(2 * i))],
  ])('from each of the first words of %j on', (name, texts) => {
    expect(Object.values(agentSearchFields(name))).toEqual(texts);
  });

  it.each([
    ['acme', true],
    ['SALES', true],
    ['sales b', true],
    ['  bot ', true],
    ['cafe\u0301', true],
    ['(acme', true],
    ['agent-7', true],
    ['ales', false],
    ['acme bot', false],
    ['7', false],
  ])('and found by %j: %s', (query, found) => {
    const agent = { id: 'agent-7', name: 'Acme Sales Bot Café' };
    expect(isMatch(agent, comparedName(query))).toBe(found);
  });

  it('and found by the start of any of its first eight words', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9éß]{1,8}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), fc.nat(), (words, at) => {
        const name = words.join(' ');
        const from = words.slice(at % words.length).join(' ');
        for (let length = 1; length <= from.length; length += 1) {
          const text = comparedName(from.slice(0, length));
          expect(isMatch({ id: 'x-none', name }, text)).toBe(true);
        }
      }),
    );
  });
});

it('a hostile name or query takes no time', () => {
  const began = performance.now();
  for (const text of ['\ufdfa'.repeat(200), `a${'\u0300'.repeat(199)}`, '- '.repeat(100)]) {
    for (let i = 0; i < 200; i += 1) agentSearchFields(text);
  }
  expect(performance.now() - began).toBeLessThan(1_000);
});

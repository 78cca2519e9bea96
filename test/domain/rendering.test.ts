import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/domain/agents.ts';
import { renderMessageTemplate } from '../../src/domain/rendering.ts';
import { sentencesOf } from '../../src/domain/sentences.ts';
import { slotValues } from '../../src/domain/slot-values.ts';
import type { MissingSlotPolicy } from '../../src/domain/slots.ts';

const PERSON: Record<string, string> = {
  'person.firstName': 'Ada',
  'person.company': 'Acme Inc. Hardware',
  'agent.name': 'Bo',
};

function render(body: string, defaultOnMissingSlot?: MissingSlotPolicy) {
  const template = {
    id: 'x',
    name: 'x',
    body,
    ...(defaultOnMissingSlot && { defaultOnMissingSlot }),
  };
  return renderMessageTemplate(template, (path) => PERSON[path]);
}

describe('sentences', () => {
  it.each([
    ['One. Two! Three? Four', ['One.', 'Two!', 'Three?', 'Four']],
    ['Ask Dr. Lee, Mr. Poe or Prof. Xu. Bye.', ['Ask Dr. Lee, Mr. Poe or Prof. Xu.', 'Bye.']],
    ['Tools, e.g. Slack, i.e. chat. Bye.', ['Tools, e.g. Slack, i.e. chat.', 'Bye.']],
    ['It costs 3.50 or so. Bye.', ['It costs 3.50 or so.', 'Bye.']],
    ['See https://a.com/b.html?c=d! It helps.', ['See https://a.com/b.html?c=d!', 'It helps.']],
    ['Write to me@acme.co.uk. Bye.', ['Write to me@acme.co.uk.', 'Bye.']],
    ['J. R. Smith of the U.S. Army wrote. Bye.', ['J. R. Smith of the U.S. Army wrote.', 'Bye.']],
    ['We are Acme Inc. Who are you?', ['We are Acme Inc.', 'Who are you?']],
    ['At 5 p.m. or so. Bye.', ['At 5 p.m. or so.', 'Bye.']],
    ['Well... maybe. Wait… No.', ['Well... maybe.', 'Wait…', 'No.']],
    ['She said "Go!" Then left.', ['She said "Go!"', 'Then left.']],
    ['(Really?) *Yes.* Fine', ['(Really?)', '*Yes.*', 'Fine']],
    ['1. First thing\n2. Second thing', ['1. First thing', '2. Second thing']],
    ['No stop here\nnor here\r\n\r\nEnd', ['No stop here', 'nor here', 'End']],
    ['So do I. Bye.', ['So do I.', 'Bye.']],
    ['你好。再见！', ['你好。', '再见！']],
    ['   ', []],
  ])('of %j', (text, sentences) => {
    expect(sentencesOf(text).map(({ start, end }) => text.slice(start, end))).toEqual(sentences);
  });

  it('contain all of a text except white space, in order', () => {
    const piece = fc.constantFrom(
      '.',
      '...',
      '!',
      ' ',
      '\n',
      'a',
      'B',
      'Dr',
      'e.g',
      '"',
      '。',
      '1',
      '\ufffc',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        const sentences = sentencesOf(text);
        const kept = sentences.map(({ start, end }) => text.slice(start, end));
        expect(kept.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
        for (const one of kept) expect(one).toBe(one.trim());
        for (const one of kept) expect(one).not.toBe('');
        for (const [i, { next }] of sentences.entries()) {
          expect(sentences[i + 1]?.start ?? text.length).toBe(next);
        }
      }),
    );
  });
});

describe('rendering', () => {
  it.each([
    ['Hi {person.firstName | "there"}!', 'Hi Ada!'],
    ['Hi {person.lastName | "there"}!', 'Hi there!'],
    ['Hi {person.lastName | ""}!', 'Hi !'],
    ['Hi {person.firstName}. Your plan is {person.customFields.plan}. Bye.', 'Hi Ada. Bye.'],
    ['{person.title} first. Then this.', 'Then this.'],
    ['This first. Then {person.title}.', 'This first.'],
    [
      'Is {person.company} yours? It is {person.title} of {agent.name}, e.g. today. Bye.',
      'Is Acme Inc. Hardware yours? Bye.',
    ],
    ['One {person.title}. Two {person.email}. Three.', 'Three.'],
    ['Dr. {person.lastName} called. Reply to Dr. {person.firstName}.', 'Reply to Dr. Ada.'],
    ['Hi!\n\nYour plan: {person.title}.\n\nBye.', 'Hi!\n\nBye.'],
    ['- Name: {person.firstName}\n- Mail: {person.email}\n- End', '- Name: Ada\n- End'],
    ['  Spaced {{out}}  {person.firstName} ', '  Spaced {out}  Ada '],
    ['Only {person.title}', ''],
    ['你好{person.title}。再见。', '再见。'],
  ])('%j is %j', (body, text) => {
    expect(render(body).renderedText).toBe(text);
  });

  it('reports every missing slot and how it was handled', () => {
    expect(render('{person.title | "x"} {person.email} {person.firstName}')).toEqual({
      renderedText: '',
      missingSlots: [
        { path: 'person.title', action: 'default' },
        { path: 'person.email', action: 'omit-sentence' },
      ],
      blocked: false,
    });
  });

  it.each([
    ['omit-message', '', false],
    ['block-send', null, true],
    ['omit-sentence', 'Hi.', false],
  ] as const)(
    'uses the default policy %s for slots without one',
    (policy, renderedText, blocked) => {
      expect(render('Hi. By {person.email}.', policy)).toEqual({
        renderedText,
        missingSlots: [{ path: 'person.email', action: policy }],
        blocked,
      });
    },
  );

  it.each([
    ['Hi {person.email | omit-sentence}. Bye.', 'omit-message', 'Bye.'],
    ['Hi {person.email | omit-message}. Bye.', 'omit-sentence', ''],
    ['Hi {person.email | block-send} {person.title | omit-message}.', 'omit-sentence', null],
    ['Hi {person.email | "x"}. Bye.', 'block-send', 'Hi x. Bye.'],
  ] as const)(
    '%j under %s is %j: the policy of a slot wins, then the stricter policy',
    (body, policy, text) => {
      expect(render(body, policy).renderedText).toBe(text);
    },
  );

  it.each([
    ['person.firstName', 'Ada'],
    ['person.lastName', undefined],
    ['person.title', undefined],
    ['person.customFields.plan', 'pro'],
    ['person.customFields.a.b', 'c'],
    ['person.customFields.toString', undefined],
    ['agent.name', 'Bo'],
    ['agent.companyName', 'Acme'],
    ['agent.websiteUrl', 'https://acme.com'],
    ['agent.contactPhone', undefined],
  ])('reads %s as %j; blank is missing', (path, value) => {
    const agent = { name: 'Bo', identity: { websiteUrl: 'https://acme.com' } } as Agent;
    const customFields = { plan: 'pro', 'a.b': 'c' };
    const person = { id: 'person_1', firstName: 'Ada', lastName: ' \n', customFields };
    expect(slotValues(agent, 'Acme', person)(path)).toBe(value);
  });

  it('refuses a message that would be too long', () => {
    const body = '{person.notes}'.repeat(200);
    const template = { id: 'x', name: 'x', body };
    expect(() => renderMessageTemplate(template, () => 'n'.repeat(1000))).toThrow(
      /100000 characters/,
    );
  });
});

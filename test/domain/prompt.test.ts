import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.ts';
import type { Agent } from '../../src/domain/agents.ts';
import { exportDefinition } from '../../src/domain/definitions.ts';
import {
  type Prompt,
  type PromptInput,
  type PromptSpan,
  promptOf,
} from '../../src/domain/prompt.ts';
import { PROMPT_SECTIONS } from '../../src/domain/prompt-parts.ts';
import type { ToolProblem } from '../../src/domain/tool-problems.ts';
import { TOOL_PROBLEMS } from '../../src/domain/tool-problems.ts';
import { agentWith } from '../kit/agent.ts';
import { refusalOf } from '../kit/refusal.ts';
import { agents } from '../kit/sections.ts';

const { systemSkills, guardrailTemplates, tools } = loadCatalog();
const CALENDAR = '@anychat/tool.google-calendar';

function promptWith(agent: Agent, more: Partial<PromptInput> = {}): Prompt {
  return promptOf({
    agent,
    systemSkills: [],
    guardrailTemplates: guardrailTemplates.list(),
    problemOfTool: () => undefined,
    ...more,
  });
}

const textOf = ({ text }: Prompt, { start, end }: PromptSpan) => text.slice(start, end);

/** Tools with a problem; the others have none. */
const problems = fc.dictionary(
  fc.constantFrom(...tools.list().map(({ id }) => id), 'One', 'Two'),
  fc.constantFrom<ToolProblem>(...TOOL_PROBLEMS),
);

/** A random agent, with one of its playbooks active, any problems of tools, and any person. */
const inputs = agents().chain((agent) =>
  fc.record({
    agent: fc.constant(agent),
    systemSkills: fc.subarray([...systemSkills.list()]),
    guardrailTemplates: fc.constant(guardrailTemplates.list()),
    problemOfTool: problems.map((known) => (id: string) => known[id]),
    playbookId: fc.constantFrom(undefined, ...(agent.playbooks ?? []).map(({ id }) => id)),
    recipient: fc.constantFrom(
      undefined,
      { companyName: 'Acme', person: {} },
      { companyName: 'Acme', person: { firstName: 'Ada' } },
    ),
    channel: fc.constantFrom(undefined, 'whatsapp'),
  }),
);

describe('the prompt of any agent', () => {
  it('has each character in exactly one span', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const prompt = promptOf(input);
        let at = 0;
        for (const { start, end } of prompt.spans) {
          expect(start).toBe(at);
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        expect(at).toBe(prompt.text.length);
        expect(prompt.characters).toBe(prompt.text.length);
        expect(prompt.hash).toBe(createHash('sha256').update(prompt.text).digest('hex'));
      }),
    );
  });

  it('has spans that name the field and hold its text', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const prompt = promptOf({ ...input, recipient: undefined });
        for (const span of prompt.spans.filter(({ field }) => field !== 'layout')) {
          if (span.field.startsWith('examples') || span.section === 'channels') continue;
          expect(textOf(prompt, span)).toBe(valueAt(input, span)?.trim());
        }
      }),
    );
  });

  it('has the template version of each item', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        for (const span of promptOf(input).spans) {
          if (span.field === 'layout' || span.section === 'guardrails') continue;
          const expected =
            span.itemId === undefined
              ? span.section === 'personality'
                ? input.agent.personality?.derivedFrom
                : undefined
              : itemOf(input, span)?.derivedFrom;
          if (span.field !== 'id') expect(span.derivedFrom).toEqual(expected);
        }
      }),
    );
  });

  it('has its sections in the order of assembly', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { spans, playbookId } = promptOf(input);
        const ranks = spans.map(({ section, itemId, field }) =>
          section === 'playbooks' &&
          (itemId === undefined || itemId !== playbookId || field === 'whenToUse')
            ? PROMPT_SECTIONS.indexOf('skills') + 0.5
            : PROMPT_SECTIONS.indexOf(section),
        );
        expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
      }),
    );
  });

  it('has each skill, tool and message template of its playbook, or withholds it', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { spans, withheld, playbookId } = promptOf(input);
        const active = input.agent.playbooks?.find(({ id }) => id === playbookId);
        const shown = (section: string) =>
          new Set(spans.filter((span) => span.section === section).map(({ itemId }) => itemId));
        const absent = (kind: string) =>
          new Set(withheld.filter((one) => one.kind === kind).map(({ id }) => id));
        const skills = shown('skills');
        for (const id of active?.skillRefs ?? []) {
          expect(skills.has(id)).toBe(!absent('skill').has(id));
        }
        for (const { id } of input.systemSkills) expect(skills.has(id)).toBe(true);
        const messages = shown('messageTemplates');
        for (const id of active?.messageTemplateRefs ?? []) {
          expect(messages.has(id)).toBe(!absent('messageTemplate').has(id));
        }
        const unusable = (active?.toolRefs ?? []).filter((id) => input.problemOfTool(id));
        expect(absent('tool')).toEqual(new Set(unusable));
      }),
    );
  });

  it('is the same from an export, apart from white space at the ends', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const definition = JSON.parse(JSON.stringify(exportDefinition(input.agent)));
        const exported = { ...definition, name: input.agent.name };
        expect(promptOf({ ...input, agent: exported })).toEqual(promptOf(input));
      }),
    );
  });
});

interface Named {
  readonly id: string;
  readonly derivedFrom?: object;
}

function itemOf({ agent, systemSkills: system }: PromptInput, span: PromptSpan): Named | undefined {
  const items: Readonly<Record<string, readonly Named[] | undefined>> = {
    objectives: agent.objectives,
    playbooks: agent.playbooks,
    messageTemplates: agent.messageTemplates,
    skills: [...(agent.skills ?? []), ...system],
  };
  return items[span.section]?.find(({ id }) => id === span.itemId);
}

function valueAt(input: PromptInput, span: PromptSpan): string | undefined {
  const part = span.section as keyof typeof input.agent;
  const owner = span.itemId === undefined ? input.agent[part] : itemOf(input, span);
  const [, field = '', index] = /^(\w+)(?:\[(\d+)\])?$/.exec(span.field) ?? [];
  const value = (owner as unknown as Record<string, string | string[]>)[field];
  return typeof value === 'string' ? value : value?.[Number(index)];
}

const body = 'B';
const booking = { id: 'book', name: 'Booking', body, enabled: true, requiredTools: [CALENDAR] };
const faq = { id: 'faq', name: 'FAQ', body, enabled: true };
const main = { id: 'main', name: 'Main', body, isDefault: true };
const hi = {
  id: 'hi',
  name: 'Hi',
  body: 'Hi {person.firstName | block-send} of {agent.companyName}',
};

describe('the active playbook', () => {
  const agent = agentWith({
    playbooks: [
      main,
      { id: 'other', name: 'Other', body, isDefault: false, whenToUse: 'Now.' },
      { id: 'lost', name: 'Lost', body, isDefault: false, whenToUse: ' ' },
    ],
  });

  it('is the default one', () => expect(promptWith(agent).playbookId).toBe('main'));

  it('can be chosen', () => {
    const { text, playbookId } = promptWith(agent, { playbookId: 'other' });
    expect(playbookId).toBe('other');
    expect(text).toContain('# Playbook: Other');
    expect(text).not.toContain('Main');
  });

  it('must exist', () => {
    const refusal = refusalOf(() => promptWith(agent, { playbookId: 'none' }));
    expect(refusal.code).toBe('playbook.not_found');
  });

  it('comes with an index of the others, except those without whenToUse', () => {
    const { text, withheld } = promptWith(agent);
    expect(text).toMatch(/describes the moment better\.\n\n- other: Now\.$/);
    expect(withheld).toEqual([{ kind: 'playbook', id: 'lost', reason: 'no_when_to_use' }]);
  });

  it('is not needed: all skills are used then', () => {
    const { text, playbookId } = promptWith(agentWith({ skills: [booking, faq] }));
    expect(playbookId).toBeUndefined();
    expect(text).toBe('# Skills\n\n## Booking\n\nB\n\n## FAQ\n\nB');
  });
});

describe('a withheld part has its reason', () => {
  const playbooks = [{ ...main, skillRefs: ['book', 'faq'] }];

  it.each(TOOL_PROBLEMS)('of a tool that is %s', (problem) => {
    const { withheld, text } = promptWith(agentWith({ skills: [booking, faq], playbooks }), {
      problemOfTool: (id) => (id === CALENDAR ? problem : undefined),
    });
    expect(withheld).toEqual([
      { kind: 'skill', id: 'book', reason: `tool_${problem}`, toolId: CALENDAR },
    ]);
    expect(text).not.toContain('Booking');
  });

  it('of a skill that is disabled, or does not exist', () => {
    const skills = [{ ...booking, enabled: false }];
    expect(promptWith(agentWith({ skills, playbooks })).withheld).toEqual([
      { kind: 'skill', id: 'book', reason: 'disabled' },
      { kind: 'skill', id: 'faq', reason: 'not_found' },
    ]);
  });

  it('of a tool of the playbook', () => {
    const agent = agentWith({ playbooks: [{ ...main, toolRefs: [CALENDAR] }] });
    expect(promptWith(agent, { problemOfTool: () => 'not_ready' }).withheld).toEqual([
      { kind: 'tool', id: CALENDAR, reason: 'tool_not_ready', toolId: CALENDAR },
    ]);
  });
});

describe('message templates of the playbook', () => {
  const agent = agentWith({
    messageTemplates: [hi, { ...hi, id: 'bye', body: 'Bye {person.lastName}' }],
    playbooks: [{ ...main, messageTemplateRefs: ['hi', 'bye', 'none'] }],
  });
  const unknown = { kind: 'messageTemplate', id: 'none', reason: 'not_found' };

  it('are shown as written without a person', () => {
    const { text, withheld } = promptWith(agent);
    expect(text).toContain(`### Hi\n\n${hi.body}`);
    expect(withheld).toEqual([unknown]);
  });

  it('are rendered for a person', () => {
    const recipient = { companyName: 'Acme', person: { firstName: 'Ada' } };
    const { text, withheld } = promptWith(agent, { recipient });
    expect(text).toContain('### Hi\n\nHi Ada of Acme');
    expect(withheld).toEqual([
      { kind: 'messageTemplate', id: 'bye', reason: 'message_omitted' },
      unknown,
    ]);
  });

  it('are withheld if a slot blocks them', () => {
    const recipient = { companyName: 'Acme', person: { lastName: 'L' } };
    const { withheld } = promptWith(agent, { recipient });
    expect(withheld).toEqual([
      { kind: 'messageTemplate', id: 'hi', reason: 'message_blocked' },
      unknown,
    ]);
  });
});

it('names the guardrail template that still has a line', () => {
  const [template] = guardrailTemplates.list();
  const line = template?.topicsToAvoid?.[0] ?? '';
  const guardrails = {
    topicsToAvoid: [line, 'Mine'],
    derivedFromTemplates: ['@anychat/guardrail-template.none', template?.id ?? ''],
  };
  const prompt = promptWith(agentWith({ guardrails }));
  const spans = prompt.spans.filter(({ field }) => field !== 'layout');
  expect(spans.map((span) => [textOf(prompt, span), span.field, span.derivedFrom])).toEqual([
    [line, 'topicsToAvoid[0]', { templateId: template?.id, version: template?.version }],
    ['Mine', 'topicsToAvoid[1]', undefined],
  ]);
});

it('of an empty agent is empty', () => {
  expect(promptWith(agentWith())).toMatchObject({
    text: '',
    characters: 0,
    spans: [],
    withheld: [],
  });
});

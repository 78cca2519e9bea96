import type { ArgBuilder } from '@pothos/core';
import type { Agent } from '../src/domain/agents.ts';
import type { Prompt, PromptSpan } from '../src/domain/prompt.ts';
import { PROMPT_SECTIONS } from '../src/domain/prompt-parts.ts';
import type { PromptItemSize, PromptSectionSize, PromptSize } from '../src/domain/prompt-size.ts';
import { WITHHELD_KINDS, WITHHELD_REASONS, type Withheld } from '../src/domain/prompt-withheld.ts';
import { PROMPT_PARTS, type PromptQuery } from '../src/prompts/service.ts';
import { builder, type Types } from './builder.ts';
import { ChannelNameEnum } from './channels.ts';
import type { Context } from './context.ts';
import { DerivedFromType } from './derived-from.ts';
import { enumOf } from './enums.ts';
import { promptReads } from './reads.ts';
import { AgentRef } from './refs.ts';
import { entity, may } from './rights.ts';
import { VERSION_RANGE } from './version-range.ts';

export const PromptSectionEnum = enumOf(
  'PromptSection',
  'The part of an agent that a stretch of a prompt was read from.',
  PROMPT_SECTIONS,
  {
    identity: 'The identity preamble.',
    personality: 'The personality.',
    guardrails: 'The guardrails.',
    objectives: 'The objectives, by priority.',
    playbooks: 'The active playbook with its examples, and the index of the others.',
    messageTemplates: 'The message templates of the active playbook.',
    skills: 'The skills of the active playbook, and the system skills.',
    channels: 'The channel of the conversation.',
  },
);

const WithheldKindEnum = enumOf('WithheldKind', 'The kind of a withheld part.', WITHHELD_KINDS, {
  skill: 'A skill that the active playbook refers to.',
  tool: 'A tool that the active playbook refers to. Tools are no part of the text.',
  messageTemplate: 'A message template that the active playbook refers to.',
  playbook: 'Another playbook, which the index lacks.',
});

const WithheldReasonEnum = enumOf(
  'WithheldReason',
  'The reason why a part is withheld.',
  WITHHELD_REASONS,
  {
    not_found: 'The agent has no such item.',
    disabled: 'The skill is disabled.',
    tool_unknown: 'The catalog does not have the tool.',
    tool_not_bound: 'The tool is not bound.',
    tool_disabled: 'The tool is bound but disabled.',
    tool_not_ready: "The tool's config is incomplete, or its grant is missing or unusable.",
    message_blocked: 'A slot without a value blocks the message for this person.',
    message_omitted: 'Slots without a value omit the whole message for this person.',
    no_when_to_use: 'The playbook has no `whenToUse`, so the model cannot choose it.',
  },
);

export const UNITS = 'in UTF-16 units, as in JavaScript';

const Span = builder.objectRef<PromptSpan>('PromptSpan').implement({
  description: 'A stretch of a prompt, and its source.',
  fields: (t) => ({
    start: t.exposeInt('start', { description: `The start in the text, ${UNITS}.` }),
    end: t.exposeInt('end', { description: 'The end in the text, exclusive.' }),
    section: t.expose('section', {
      type: PromptSectionEnum,
      description: 'The part of the agent that it was read from.',
    }),
    itemId: t.exposeID('itemId', { nullable: true, description: 'The item within the section.' }),
    field: t.exposeString('field', {
      description:
        'The field within the item or section, e.g. `body` or `topicsToAvoid[2]`; `layout` for headings, list marks and blank lines.',
    }),
    derivedFrom: t.expose('derivedFrom', {
      type: DerivedFromType,
      nullable: true,
      description: 'The template that the text was copied from. It stays when the text is edited.',
    }),
  }),
});

const WithheldPart = builder.objectRef<Withheld>('WithheldPart').implement({
  description: 'A part that the model does not get.',
  fields: (t) => ({
    kind: t.expose('kind', { type: WithheldKindEnum, description: 'The kind of the part.' }),
    id: t.exposeID('id', { description: 'The id of the skill, tool, template or playbook.' }),
    reason: t.expose('reason', { type: WithheldReasonEnum, description: 'The reason.' }),
    toolId: t.exposeID('toolId', { nullable: true, description: 'The tool that it lacks.' }),
  }),
});

const characters = `The length ${UNITS}.`;
const estimatedTokens =
  "An estimate of the tokens, by the encoding `o200k_base`. A model's own tokenizer gives another number.";

const ItemSize = builder.objectRef<PromptItemSize>('PromptItemSize').implement({
  description: 'The size of an item in a prompt, with its heading.',
  fields: (t) => ({
    itemId: t.exposeID('itemId', { description: 'The item.' }),
    characters: t.exposeInt('characters', { description: characters }),
    estimatedTokens: t.exposeInt('estimatedTokens', { description: estimatedTokens }),
  }),
});

const SectionSize = builder.objectRef<PromptSectionSize>('PromptSectionSize').implement({
  description: 'The size of a section of a prompt, with its headings.',
  fields: (t) => ({
    section: t.expose('section', { type: PromptSectionEnum, description: 'The section.' }),
    characters: t.exposeInt('characters', { description: characters }),
    estimatedTokens: t.exposeInt('estimatedTokens', { description: estimatedTokens }),
    items: t.field({
      type: [ItemSize],
      description: 'Its items, in the order of the text; empty for a section without items.',
      resolve: ({ items }) => [...items],
    }),
  }),
});

/** A prompt, and its size if it is selected. */
interface MeasuredPrompt {
  readonly prompt: Prompt;
  readonly size: () => Promise<PromptSize>;
}

export const AgentPrompt = builder.objectRef<MeasuredPrompt>('AgentPrompt').implement({
  ...entity,
  description:
    'The system prompt that the model sees in one conversation. A runtime that imports `agent-api/prompt` assembles the same text.',
  fields: (t) => ({
    text: t.string({ description: 'The text.', resolve: ({ prompt }) => prompt.text }),
    hash: t.string({
      description: 'SHA-256 of the text in UTF-8, in hexadecimal.',
      resolve: ({ prompt }) => prompt.hash,
    }),
    characters: t.int({ description: characters, resolve: ({ prompt }) => prompt.characters }),
    estimatedTokens: t.int({
      description: estimatedTokens,
      complexity: 20,
      resolve: async ({ size }) => (await size()).estimatedTokens,
    }),
    playbookId: t.id({
      nullable: true,
      description: 'The active playbook; null if the agent has none.',
      resolve: ({ prompt }) => prompt.playbookId,
    }),
    sections: t.field({
      type: [SectionSize],
      description: 'The size of each section, in the order of the text.',
      complexity: 20,
      resolve: async ({ size }) => [...(await size()).sections],
    }),
    spans: t.field({
      type: [Span],
      description: 'The source of each stretch. Each character belongs to exactly one.',
      listLength: 300,
      resolve: ({ prompt }) => [...prompt.spans],
    }),
    withheld: t.field({
      type: [WithheldPart],
      description: 'The parts that the model does not get, and the reasons.',
      resolve: ({ prompt }) => [...prompt.withheld],
    }),
  }),
});

/** A prompt is assembled. */
export const PROMPT_COST = 20;
/** A version is read and assembled. */
const VERSION_COST = 2_500;

export function conversationArgs(arg: ArgBuilder<Types>) {
  return {
    playbook: arg.id({ description: 'The active playbook. If omitted, the default one.' }),
    person: arg.id({
      description: 'The person that the conversation is with. Requires `people:read` too.',
    }),
    channel: arg({ type: ChannelNameEnum, description: 'The channel of the conversation.' }),
  };
}

/** The right to read a prompt; for a named person, the right to read people too. */
export function mayReadPrompt<Parent>(orgOf: (parent: Parent) => string) {
  return may<Parent, { person?: string | null | undefined }>(
    'viewer',
    'agents:read',
    orgOf,
    ({ person }) => (person == null ? undefined : { role: 'viewer', scope: 'people:read' }),
  );
}

/** The prompt of an agent, measured when its size is selected. */
export async function measuredPrompt(
  { services, loaders, work }: Context,
  agent: Agent,
  query: PromptQuery,
): Promise<MeasuredPrompt> {
  const { prompts } = services;
  const prompt = await prompts.of(work, agent, query, promptReads(loaders));
  let measured: Promise<PromptSize> | undefined;
  const size = () => {
    measured ??= prompts.size(work, prompt);
    return measured;
  };
  return { prompt, size };
}

builder.objectField(AgentRef, 'prompt', (t) =>
  t.field({
    type: AgentPrompt,
    ...mayReadPrompt<Agent>(({ org }) => org),
    fails: ['playbook.not_found', 'person.not_found', 'version.not_found'],
    description:
      'The system prompt that the model sees. With `person`, which requires `people:read` too, message templates are rendered for that person. Null, with an error `playbook.not_found`, `person.not_found` or `version.not_found`, if one of them does not exist.',
    complexity: ({ args, childComplexity }) =>
      childComplexity + (args.version == null ? PROMPT_COST : VERSION_COST),
    reads: [...PROMPT_PARTS, 'org', 'id', 'historyId'],
    args: {
      ...conversationArgs(t.arg),
      version: t.arg.int({
        ...VERSION_RANGE,
        description:
          'The version of the agent. If omitted, the current one. Grants of tools and the person are those of now.',
      }),
    },
    resolve: (agent, { playbook, person, channel, version }, context) =>
      measuredPrompt(context, agent, { playbookId: playbook, personId: person, channel, version }),
  }),
);

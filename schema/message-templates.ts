import type { Agent } from '../src/domain/agents.ts';
import type { ItemChange } from '../src/domain/items.ts';
import {
  type AgentMessageTemplate,
  createMessageTemplate,
  deleteMessageTemplate,
  messageTemplateOf,
  replaceMessageTemplate,
  updateMessageTemplate,
} from '../src/domain/message-templates.ts';
import { MISSING_SLOT_POLICIES } from '../src/domain/slots.ts';
import { addAgentItems, itemPayload } from './agent-items.ts';
import { agentMutation, itemMutation } from './agent-mutations.ts';
import { idArg, inputArg, personIdArg } from './args.ts';
import { builder } from './builder.ts';
import { enumOf } from './enums.ts';
import { MessageTemplatePreviewType } from './preview.ts';
import { AgentRef } from './refs.ts';
import { may, mayOnDocument } from './rights.ts';
import { TEXT } from './texts.ts';

export const MissingSlotPolicyType = enumOf(
  'MissingSlotPolicy',
  'The effect of a slot that has no value and no literal.',
  MISSING_SLOT_POLICIES,
  {
    'omit-sentence': 'Omits the sentence that contains the slot.',
    'omit-message': 'Omits the whole message: the text is empty.',
    'block-send': 'Blocks the message: nothing is sent.',
  },
);

const about = {
  id: 'A slug, unique within the agent.',
  name: 'The name.',
  description: 'A human-readable description.',
  body: 'The text. It may contain slots: `{person.firstName}`, `{person.customFields.plan | "basic"}`, `{agent.companyName | omit-sentence}`. `{{` and `}}` are literal braces.',
  defaultOnMissingSlot: 'The policy for slots that name none. If unset, the sentence is omitted.',
} as const satisfies Record<keyof AgentMessageTemplate, string>;

/** Rendering a long template takes some milliseconds. */
const PREVIEW_COST = 20;

/** A template and its agent, which a preview reads. */
export interface OwnedTemplate {
  readonly agent: Agent;
  readonly template: AgentMessageTemplate;
}

export const MessageTemplateRef = builder.objectRef<OwnedTemplate>('AgentMessageTemplate');

MessageTemplateRef.implement({
  description: 'A prepared message with slots that are filled when it is sent.',
  fields: (t) => ({
    id: t.id({ description: about.id, resolve: ({ template }) => template.id }),
    name: t.string({ description: about.name, resolve: ({ template }) => template.name }),
    description: t.string({
      nullable: true,
      description: about.description,
      resolve: ({ template }) => template.description,
    }),
    body: t.string({ description: about.body, resolve: ({ template }) => template.body }),
    defaultOnMissingSlot: t.field({
      type: MissingSlotPolicyType,
      nullable: true,
      description: about.defaultOnMissingSlot,
      resolve: ({ template }) => template.defaultOnMissingSlot,
    }),
    preview: t.field({
      type: MessageTemplatePreviewType,
      ...may<OwnedTemplate, object>('viewer', 'agents:read', ({ agent }) => agent.org),
      fails: ['person.not_found'],
      description:
        'The message as it would be sent to a person. Null, with an error `person.not_found`, if the person does not exist.',
      complexity: PREVIEW_COST,
      args: personIdArg(t.arg),
      resolve: ({ agent, template }, { personId }, { services, work }) =>
        services.previews.messageTemplate(work, agent, template, personId),
    }),
  }),
});

/** The parts of its agent that the slots of a message read. */
const READ_BY_RENDERING = ['name', 'identity'] as const;
/** The parts of its agent that a message template reads, previews included. */
export const READ_BY_TEMPLATES = ['messageTemplates', ...READ_BY_RENDERING] as const;

const ID = "The message template's id.";

addAgentItems({
  list: 'messageTemplates',
  item: 'messageTemplate',
  type: MessageTemplateRef,
  noun: 'message template',
  description: "The agent's message templates.",
  id: ID,
  notFound: 'message_template.not_found',
  reads: READ_BY_TEMPLATES,
  all: (agent) => (agent.messageTemplates ?? []).map((template) => ({ agent, template })),
  one: (agent, id) => ({ agent, template: messageTemplateOf(agent, id) }),
});

export const MessageTemplateInput = builder.inputType('MessageTemplateInput', {
  description: 'A whole message template.',
  fields: (t) => ({
    id: t.field({
      type: 'Slug',
      description:
        'A slug. If omitted, it is derived from the name. The id of an existing template cannot be changed.',
    }),
    name: t.field({ ...TEXT.name, required: true, description: about.name }),
    description: t.field({ ...TEXT.description, description: about.description }),
    body: t.field({ ...TEXT.prompt, required: true, description: about.body }),
    defaultOnMissingSlot: t.field({
      type: MissingSlotPolicyType,
      description: about.defaultOnMissingSlot,
    }),
  }),
});

const UpdateMessageTemplateInput = builder.inputType('UpdateMessageTemplateInput', {
  description: 'The fields of a message template to change. `null` clears a field.',
  fields: (t) => ({
    name: t.field({ clearable: false, ...TEXT.name, description: about.name }),
    description: t.field({ ...TEXT.description, description: about.description }),
    body: t.field({ clearable: false, ...TEXT.prompt, description: about.body }),
    defaultOnMissingSlot: t.field({
      type: MissingSlotPolicyType,
      description: about.defaultOnMissingSlot,
    }),
  }),
});

builder.objectField(AgentRef, 'messagePreview', (t) =>
  t.field({
    type: MessageTemplatePreviewType,
    // The text can name any field of the person.
    ...mayOnDocument('viewer', 'people:read'),
    fails: ['person.not_found'],
    description:
      'A text with slots as it would be sent to a person, whether or not a message template has it. Requires `people:read`. Null, with an error, if the person does not exist or a slot cannot be parsed.',
    complexity: PREVIEW_COST,
    reads: [...READ_BY_RENDERING, 'org', 'uid'],
    args: {
      ...personIdArg(t.arg),
      body: t.arg({ ...TEXT.prompt, required: true, description: about.body }),
      defaultOnMissingSlot: t.arg({
        type: MissingSlotPolicyType,
        description: about.defaultOnMissingSlot,
      }),
    },
    resolve: (agent, { personId, ...draft }, { services, work }) =>
      services.previews.draft(work, agent, draft, personId),
  }),
);

const MessageTemplatePayload = itemPayload(
  'MessageTemplatePayload',
  'messageTemplate',
  MessageTemplateRef,
  'message template',
  ({ agent, item }: ItemChange<AgentMessageTemplate>) => ({ agent, template: item }),
);

builder.mutationFields((t) => {
  const id = idArg(t.arg, ID);
  return {
    createMessageTemplate: itemMutation(t, MessageTemplatePayload, {
      scope: 'agents:write',
      fails: ['message_template.id_taken'],
      description: 'Adds a message template to the agent.',
      args: { input: inputArg(t.arg, MessageTemplateInput, 'The message template.') },
      change: (agent, { input }) => createMessageTemplate(agent, input),
    }),
    replaceMessageTemplate: itemMutation(t, MessageTemplatePayload, {
      scope: 'agents:write',
      fails: ['message_template.not_found'],
      description: 'Replaces a message template. Its id stays.',
      args: { id, input: inputArg(t.arg, MessageTemplateInput, 'The message template.') },
      change: (agent, { id, input }) => replaceMessageTemplate(agent, id, input),
    }),
    updateMessageTemplate: itemMutation(t, MessageTemplatePayload, {
      scope: 'agents:write',
      fails: ['message_template.not_found'],
      description: 'Changes the given fields of a message template. `null` clears a field.',
      args: { id, input: inputArg(t.arg, UpdateMessageTemplateInput, 'The fields to change.') },
      change: (agent, { id, input }) => updateMessageTemplate(agent, id, input),
    }),
    deleteMessageTemplate: agentMutation(t, {
      scope: 'agents:write',
      fails: ['message_template.not_found', 'message_template.in_use'],
      description:
        'Removes a message template. Fails with `message_template.in_use` while outreach or a playbook uses it.',
      args: { id },
      change: (agent, { id }) => deleteMessageTemplate(agent, id),
    }),
  };
});

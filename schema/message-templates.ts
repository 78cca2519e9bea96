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
import { agentArgs, personIdArg } from './args.ts';
import { builder } from './builder.ts';
import { enumOf } from './enums.ts';
import { MessageTemplatePreviewType } from './preview.ts';
import { AgentRef } from './refs.ts';
import { inherited, may, mayInOrg } from './rights.ts';

export const MissingSlotPolicyType = enumOf(
  'MissingSlotPolicy',
  'What is done about a slot that has no value and no literal.',
  MISSING_SLOT_POLICIES,
  {
    'omit-sentence': 'The sentence that it stands in is left out.',
    'omit-message': 'The message comes to nothing: an empty text.',
    'block-send': 'Nothing may be sent.',
  },
);

const about = {
  id: 'A slug, unique within the agent.',
  name: 'Its name.',
  description: 'What it is for, in words for people.',
  body: 'The text, with slots: `{person.firstName}`, `{person.customFields.plan | "basic"}`, `{agent.companyName | omit-sentence}`; `{{` and `}}` are braces.',
  defaultOnMissingSlot:
    'The policy of slots that have none of their own; `OMIT_SENTENCE` where it is unset.',
} as const satisfies Record<keyof AgentMessageTemplate, string>;

/** A template and the agent that it belongs to, which a preview reads. */
export interface OwnedTemplate {
  readonly agent: Agent;
  readonly template: AgentMessageTemplate;
}

export const MessageTemplateRef = builder.objectRef<OwnedTemplate>('AgentMessageTemplate');

MessageTemplateRef.implement({
  description: 'A canned message with slots, filled in when it is sent.',
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
      nullable: true,
      ...may<OwnedTemplate, object>('viewer', 'agents:read', ({ agent }) => agent.org),
      description:
        'What would be sent to a person. Null, with an error, when there is no such person.',
      args: personIdArg(t.arg),
      resolve: ({ agent, template }, { personId }, { services, work }) =>
        services.previews.messageTemplate(work, agent, template, personId),
    }),
  }),
});

/** What a message template reads of its agent, previews included. */
export const READ_BY_TEMPLATES = ['messageTemplates', 'name', 'identity'] as const;

builder.objectFields(AgentRef, (t) => ({
  messageTemplates: t.field({
    type: [MessageTemplateRef],
    description: 'Its canned messages.',
    reads: READ_BY_TEMPLATES,
    resolve: (agent) => (agent.messageTemplates ?? []).map((template) => ({ agent, template })),
  }),
  messageTemplate: t.field({
    type: MessageTemplateRef,
    nullable: true,
    description:
      'One of its canned messages. Null, with an error `message_template.not_found`, when there is none of that id.',
    reads: READ_BY_TEMPLATES,
    args: { id: t.arg.id({ required: true, description: "The template's id." }) },
    resolve: (agent, { id }) => ({ agent, template: messageTemplateOf(agent, id) }),
  }),
}));

export const MessageTemplateInput = builder.inputType('MessageTemplateInput', {
  description: 'A message template as a whole.',
  fields: (t) => ({
    id: t.id({
      description: 'A slug; minted from the name when left out. That of a template never changes.',
    }),
    name: t.field({ type: 'NonBlank', required: true, description: about.name }),
    description: t.string({ description: about.description }),
    body: t.field({ type: 'NonBlank', required: true, description: about.body }),
    defaultOnMissingSlot: t.field({
      type: MissingSlotPolicyType,
      description: about.defaultOnMissingSlot,
    }),
  }),
});

const UpdateMessageTemplateInput = builder.inputType('UpdateMessageTemplateInput', {
  description: 'The fields of a message template to change; `null` clears one.',
  fields: (t) => ({
    name: t.field({ type: 'NonBlank', description: about.name }),
    description: t.string({ description: about.description }),
    body: t.field({ type: 'NonBlank', description: about.body }),
    defaultOnMissingSlot: t.field({
      type: MissingSlotPolicyType,
      description: about.defaultOnMissingSlot,
    }),
  }),
});

const MessageTemplatePayload = builder
  .objectRef<ItemChange<AgentMessageTemplate>>('MessageTemplatePayload')
  .implement({
    description: 'What a change of a message template came to.',
    fields: (t) => ({
      messageTemplate: t.field({
        type: MessageTemplateRef,
        description: 'The template.',
        resolve: ({ agent, item }) => ({ agent, template: item }),
      }),
      agent: t.expose('agent', { type: AgentRef, ...inherited, description: 'Its agent.' }),
    }),
  });

builder.mutationFields((t) => {
  const right = mayInOrg('editor', 'agents:write');
  const args = agentArgs(t.arg);
  const id = t.arg.id({ required: true, description: "The template's id." });
  return {
    createMessageTemplate: t.field({
      type: MessageTemplatePayload,
      ...right,
      description: 'Adds a message template.',
      args: {
        ...args,
        input: t.arg({ type: MessageTemplateInput, required: true, description: 'The template.' }),
      },
      resolve: (_, { org, agent, expectedVersion, input }, { services, work }) =>
        services.agents.changeItem(work, { org, id: agent }, expectedVersion, (it) =>
          createMessageTemplate(it, input),
        ),
    }),
    replaceMessageTemplate: t.field({
      type: MessageTemplatePayload,
      ...right,
      description: 'Replaces a message template as a whole; its id stays.',
      args: {
        ...args,
        id,
        input: t.arg({ type: MessageTemplateInput, required: true, description: 'The template.' }),
      },
      resolve: (_, { org, agent, expectedVersion, id, input }, { services, work }) =>
        services.agents.changeItem(work, { org, id: agent }, expectedVersion, (it) =>
          replaceMessageTemplate(it, id, input),
        ),
    }),
    updateMessageTemplate: t.field({
      type: MessageTemplatePayload,
      ...right,
      description: 'Changes the given fields of a message template; `null` clears one.',
      args: {
        ...args,
        id,
        input: t.arg({
          type: UpdateMessageTemplateInput,
          required: true,
          description: 'What to change.',
        }),
      },
      resolve: (_, { org, agent, expectedVersion, id, input }, { services, work }) =>
        services.agents.changeItem(work, { org, id: agent }, expectedVersion, (it) =>
          updateMessageTemplate(it, id, input),
        ),
    }),
    deleteMessageTemplate: t.field({
      type: AgentRef,
      ...right,
      description:
        'Removes a message template. One that outreach or a playbook uses stays: `message_template.in_use`.',
      args: { ...args, id },
      resolve: (_, { org, agent, expectedVersion, id }, { services, work }) =>
        services.agents.change(work, { org, id: agent }, expectedVersion, (it) =>
          deleteMessageTemplate(it, id),
        ),
    }),
  };
});

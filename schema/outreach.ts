import type { Agent } from '../src/domain/agents.ts';
import { greetingOf, replaceOutreach } from '../src/domain/outreach.ts';
import { agentMutation } from './agent-mutations.ts';
import { inputArg, personIdArg } from './args.ts';
import { builder } from './builder.ts';
import { MessageTemplateRef, READ_BY_TEMPLATES } from './message-templates.ts';
import { MessageTemplatePreviewType } from './preview.ts';
import { AgentRef } from './refs.ts';
import { inherited, mayOnDocument } from './rights.ts';

const greetingTemplateId =
  "The id of the agent's message template that greets a person. If unset, the model composes the opening message.";

const OutreachPreview = builder
  .objectRef<{ agent: Agent; personId: string }>('OutreachPreview')
  .implement({
    description: 'The messages that outreach would send to a person.',
    fields: (t) => ({
      greeting: t.field({
        type: MessageTemplatePreviewType,
        ...inherited,
        description: 'The greeting as it would be sent.',
        resolve: ({ agent, personId }, _, { services, work }) =>
          services.previews.greeting(work, agent, personId),
      }),
    }),
  });

const Outreach = builder.objectRef<Agent>('OutreachConfig').implement({
  description: 'The configuration of the conversations that an agent opens.',
  fields: (t) => ({
    greetingTemplateId: t.id({
      nullable: true,
      description: greetingTemplateId,
      resolve: ({ outreach }) => outreach?.greetingTemplateId,
    }),
    greetingTemplate: t.field({
      type: MessageTemplateRef,
      nullable: true,
      description: 'The message template that greets a person.',
      resolve: (agent) =>
        agent.outreach?.greetingTemplateId === undefined
          ? null
          : { agent, template: greetingOf(agent) },
    }),
    preview: t.field({
      type: OutreachPreview,
      ...mayOnDocument('viewer', 'agents:read'),
      fails: ['outreach.no_greeting', 'person.not_found'],
      description:
        'The messages that would be sent to a person. Null, with an error `outreach.no_greeting` or `person.not_found`, if no greeting is set or the person does not exist.',
      complexity: 20,
      args: personIdArg(t.arg),
      resolve: (agent, { personId }) => ({ agent, personId }),
    }),
  }),
});

builder.objectField(AgentRef, 'outreach', (t) =>
  t.field({
    type: Outreach,
    description: 'The configuration of the conversations that the agent opens.',
    reads: ['outreach', ...READ_BY_TEMPLATES],
    resolve: (agent) => agent,
  }),
);

export const OutreachInput = builder.inputType('OutreachConfigInput', {
  description: 'A whole outreach configuration. Omitted fields are cleared.',
  fields: (t) => ({ greetingTemplateId: t.id({ description: greetingTemplateId }) }),
});

builder.mutationFields((t) => ({
  replaceOutreach: agentMutation(t, {
    scope: 'agents:write',
    fails: ['message_template.not_found'],
    description: "Replaces the agent's outreach configuration. An omitted greeting is cleared.",
    args: { input: inputArg(t.arg, OutreachInput, 'The configuration.') },
    change: (agent, { input }) => replaceOutreach(agent, input),
  }),
}));

import type { Agent } from '../src/domain/agents.ts';
import { greetingOf, replaceOutreach } from '../src/domain/outreach.ts';
import { agentArgs, personIdArg } from './args.ts';
import { builder } from './builder.ts';
import { MessageTemplateRef, READ_BY_TEMPLATES } from './message-templates.ts';
import { MessageTemplatePreviewType } from './preview.ts';
import { AgentRef } from './refs.ts';
import { inherited, may, mayInOrg } from './rights.ts';

const greetingTemplateId =
  "The id of one of the agent's message templates; where unset, the opener is composed.";

const OutreachPreview = builder
  .objectRef<{ agent: Agent; personId: string }>('OutreachPreview')
  .implement({
    description: 'What outreach would send to a person.',
    fields: (t) => ({
      greeting: t.field({
        type: MessageTemplatePreviewType,
        ...inherited,
        description: 'The greeting.',
        resolve: ({ agent, personId }, _, { services, work }) =>
          services.previews.greeting(work, agent, personId),
      }),
    }),
  });

const Outreach = builder.objectRef<Agent>('OutreachConfig').implement({
  description: 'How an agent opens a conversation.',
  fields: (t) => ({
    greetingTemplateId: t.id({
      nullable: true,
      description: greetingTemplateId,
      resolve: ({ outreach }) => outreach?.greetingTemplateId,
    }),
    greetingTemplate: t.field({
      type: MessageTemplateRef,
      nullable: true,
      description: 'The template of the greeting.',
      resolve: (agent) =>
        agent.outreach?.greetingTemplateId === undefined
          ? null
          : { agent, template: greetingOf(agent) },
    }),
    preview: t.field({
      type: OutreachPreview,
      nullable: true,
      ...may<Agent, object>('viewer', 'agents:read', ({ org }) => org),
      description:
        'What would be sent to a person. Null, with an error, when there is no greeting (`outreach.no_greeting`) or no such person.',
      args: personIdArg(t.arg),
      resolve: (agent, { personId }) => ({ agent, personId }),
    }),
  }),
});

builder.objectField(AgentRef, 'outreach', (t) =>
  t.field({
    type: Outreach,
    description: 'How it opens a conversation.',
    reads: ['outreach', ...READ_BY_TEMPLATES],
    resolve: (agent) => agent,
  }),
);

export const OutreachInput = builder.inputType('OutreachConfigInput', {
  description: 'How an agent opens a conversation: what is left out is cleared.',
  fields: (t) => ({ greetingTemplateId: t.id({ description: greetingTemplateId }) }),
});

builder.mutationField('replaceOutreach', (t) =>
  t.field({
    type: AgentRef,
    ...mayInOrg('editor', 'agents:write'),
    description: 'Replaces how an agent opens a conversation.',
    args: {
      ...agentArgs(t.arg),
      input: t.arg({ type: OutreachInput, required: true, description: 'The configuration.' }),
    },
    resolve: (_, { org, agent, expectedVersion, input }, { services, work }) =>
      services.agents.change(work, { org, id: agent }, expectedVersion, (it) =>
        replaceOutreach(it, input),
      ),
  }),
);

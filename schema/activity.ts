import { notFound } from '../src/agents/service.ts';
import { builder } from './builder.ts';
import { AgentActivityRef, OrgRef } from './refs.ts';
import { may } from './rights.ts';

AgentActivityRef.implement({
  description:
    "What happens around an agent, its people and its traffic: the agent's own fields of the same names, for tokens that may read these and not the agent.",
  fields: (t) => ({
    id: t.exposeID('id', { description: "The agent's id." }),
  }),
});

builder.objectField(OrgRef, 'activity', (t) =>
  t.field({
    type: AgentActivityRef,
    nullable: true,
    ...may<{ id: string }, object>('viewer', null, (org) => org.id),
    description:
      'What happens around one agent. Null, with an error `agent.not_found`, when there is none of that id.',
    args: { agent: t.arg.id({ required: true, description: "The agent's id." }) },
    resolve: async (org, { agent }, { loaders }) => {
      const found = await loaders.agent.load({ org: org.id, id: agent });
      if (!found) throw notFound(`${org.id}/${agent}`);
      return found;
    },
  }),
);

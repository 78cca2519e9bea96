import { notFound } from '../src/agents/service.ts';
import { idArg } from './args.ts';
import { builder } from './builder.ts';
import { AgentActivityRef, OrgRef } from './refs.ts';
import { mayOnOrg } from './rights.ts';

AgentActivityRef.implement({
  description:
    "An agent's people and traffic. They are the fields of the same names of `Agent`, for tokens that may read them but not the agent.",
  fields: (t) => ({
    id: t.exposeID('id', { description: "The agent's id." }),
  }),
});

builder.objectField(OrgRef, 'activity', (t) =>
  t.field({
    type: AgentActivityRef,
    ...mayOnOrg('viewer', ['agents:read', 'people:read', 'messages:read']),
    fails: ['agent.not_found'],
    description:
      "One agent's people and traffic. Null, with an error `agent.not_found`, if the agent does not exist.",
    args: { agent: idArg(t.arg, "The agent's id.") },
    resolve: async (org, { agent }, { loaders }) => {
      const found = await loaders.agent.load({ org: org.id, id: agent });
      if (!found) throw notFound(`${org.id}/${agent}`);
      return found;
    },
  }),
);

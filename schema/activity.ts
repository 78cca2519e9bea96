import { notFound } from '../src/agents/service.ts';
import { personKey } from '../src/people/collection.ts';
import { idArg } from './args.ts';
import { builder } from './builder.ts';
import { AgentActivityRef, OrgRef } from './refs.ts';
import { mayOnOrg } from './rights.ts';
import { argumentsOf } from './selection.ts';

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
    resolve: async (org, { agent }, { services, loaders }, info) => {
      const ref = { org: org.id, id: agent };
      const reading = loaders.agentOwner.load(ref);
      // A person is read in the same round as the agent, by the uid that the agent had last. If it
      // has another by now, the person is read again, by that.
      const uid = services.agents.lastUid(ref);
      if (uid !== undefined) {
        for (const { id } of argumentsOf(info, 'person')) {
          loaders.person.load(personKey({ org: org.id, uid }, String(id))).catch(() => undefined);
        }
      }
      const found = await reading;
      if (!found) throw notFound(`${org.id}/${agent}`);
      return found;
    },
  }),
);

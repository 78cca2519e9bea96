import { agentMutation, agentQuery, type Route } from '../route.ts';
import { PREVIEW } from './message-templates.ts';

const OUTREACH = 'outreach { greetingTemplateId }';

const path = '/orgs/{org}/agents/{agent}/outreach';

export const outreachRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    summary: "Returns the agent's outreach configuration",
    operation: agentQuery(OUTREACH),
    pick: 'org.agent.outreach',
  },
  {
    method: 'PUT',
    path,
    summary: "Replaces the agent's outreach configuration",
    operation: agentMutation('replaceOutreach', OUTREACH, 'OutreachConfigInput!'),
    example: { greetingTemplateId: 'outreach-greeting' },
    pick: 'replaceOutreach.outreach',
  },
  {
    method: 'GET',
    path: `${path}/preview`,
    summary: 'Previews the outreach greeting for a person',
    operation: `query ($org: ID!, $agent: ID!, $personId: ID!) {
      org(id: $org) { agent(id: $agent) { outreach {
        preview(personId: $personId) { greeting ${PREVIEW} }
      } } }
    }`,
    query: { personId: 'personId' },
    pick: 'org.agent.outreach.preview',
    keepsNulls: true,
  },
];

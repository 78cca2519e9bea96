import { PAGING, page, type Route } from '../route.ts';

const LINK = `{
  id code url label maxUses usesRemaining redemptionCount expiresAt disabled createdAt
}`;

const links = '/orgs/{org}/agents/{agent}/outreach-links';
const link = `${links}/{id}`;

export const outreachLinkRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: links,
    summary: "Lists the agent's outreach links",
    operation: `query ($org: ID!, $agent: ID!, $first: Int, $after: String) {
      org(id: $org) { agent(id: $agent) {
        outreachLinks(first: $first, after: $after) ${page(LINK)}
      } }
    }`,
    query: PAGING,
    pick: 'org.agent.outreachLinks',
    messageAlsoAs: 'error',
  },
  {
    method: 'POST',
    path: links,
    summary: 'Creates an outreach link',
    operation: `mutation ($org: ID!, $agent: ID!, $input: CreateOutreachLinkInput!) {
      createOutreachLink(org: $org, agent: $agent, input: $input) ${LINK}
    }`,
    example: { bindingId: 'chan_2rHqkzVQNf1bTLYw8sXm', label: 'Trade fair', maxUses: 100 },
    pick: 'createOutreachLink',
    status: 201,
    messageAlsoAs: 'error',
  },
  {
    method: 'PATCH',
    path: link,
    summary: 'Pauses or resumes an outreach link',
    operation: `mutation ($org: ID!, $agent: ID!, $id: ID!, $input: UpdateOutreachLinkInput!) {
      updateOutreachLink(org: $org, agent: $agent, id: $id, input: $input) ${LINK}
    }`,
    example: { disabled: true },
    pick: 'updateOutreachLink',
    messageAlsoAs: 'error',
  },
  {
    method: 'DELETE',
    path: link,
    summary: 'Removes an outreach link',
    operation: `mutation ($org: ID!, $agent: ID!, $id: ID!) {
      deleteOutreachLink(org: $org, agent: $agent, id: $id) { id }
    }`,
    pick: 'deleteOutreachLink',
    status: 204,
    messageAlsoAs: 'error',
  },
];

import { agentMutation, agentQuery, orgPlanOf, PAGING, page, type Route } from '../route.ts';
import { IDENTITY } from './identity.ts';

export const AGENT = `id orgId name description ${IDENTITY}
  templateRef { templateId version } createdAt updatedAt`;

const agents = '/orgs/{org}/agents';
const agent = `${agents}/{agent}`;

export const agentRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: agents,
    summary: "Lists the org's agents",
    operation: `query ($org: ID!, $first: Int, $after: String, $query: String, $sort: AgentSort) {
      org(id: $org) { agents(first: $first, after: $after, query: $query, sort: $sort) ${page(`{ ${AGENT} }`)} }
    }`,
    query: { ...PAGING, q: 'query', sort: 'sort' },
    pick: 'org.agents',
  },
  {
    method: 'POST',
    path: agents,
    summary: 'Creates an agent',
    operation: `mutation ($org: ID!, $input: CreateAgentInput!, $plan: String) {
      createAgent(org: $org, input: $input, plan: $plan) { _version: version ${AGENT} }
    }`,
    query: { plan: 'plan' },
    plan: orgPlanOf(
      'planAgent',
      `input: {
        id: $id, name: $name, description: $description, identity: $identity, templateId: $templateId
      }`,
      `$id: Slug, $name: NonBlank!, $description: String, $identity: AgentIdentityInput,
      $templateId: ID`,
    ),
    example: { name: 'Acme Sales Bot', description: 'Answers questions about our products.' },
    pick: 'createAgent',
    status: 201,
  },
  {
    method: 'GET',
    path: agent,
    summary: 'Returns an agent',
    operation: agentQuery(AGENT),
    pick: 'org.agent',
  },
  {
    method: 'PATCH',
    path: agent,
    summary: 'Changes an agent',
    operation: agentMutation('updateAgent', AGENT, 'UpdateAgentInput!'),
    example: {
      description: 'Answers questions and books calls.',
      identity: { brandColor: '#1a73e8' },
    },
    pick: 'updateAgent',
  },
  {
    method: 'DELETE',
    path: agent,
    summary: 'Removes an agent',
    operation: agentMutation('deleteAgent', AGENT),
    pick: 'deleteAgent',
  },
];

import { graphql } from '../../graphql/graphql.ts';
import { PLAN } from '../../ui/plan/queries.ts';

export const AGENTS = graphql(`
  query Agents($org: ID!, $q: String, $sort: AgentSort, $first: Int!, $after: String) {
    org(id: $org) {
      agents(query: $q, sort: $sort, first: $first, after: $after) {
        nodes {
          id
          name
          readiness { severity }
          history(first: 1) {
            nodes {
              at
              actor { kind name }
            }
          }
          conversations(first: 1, start: "2000-01-01T00:00:00Z") {
            nodes { endedAt }
          }
          updatedAt
        }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
`);

export const AGENT_TEMPLATES = graphql(`
  query AgentTemplates {
    catalog {
      agentTemplates { id name description }
    }
  }
`);

export const PLAN_AGENT = graphql(
  `
  query PlanAgent($org: ID!, $input: CreateAgentInput!) {
    org(id: $org) {
      planAgent(input: $input) { ...Plan }
    }
  }
`,
  [PLAN],
);

export const CREATE_AGENT = graphql(`
  mutation CreateAgent($org: ID!, $input: CreateAgentInput!, $plan: String!) {
    createAgent(org: $org, input: $input, plan: $plan) { id }
  }
`);

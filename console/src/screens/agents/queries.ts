import { graphql } from '../../graphql/graphql.ts';

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

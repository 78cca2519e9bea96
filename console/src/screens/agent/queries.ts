import { graphql } from '../../graphql/graphql.ts';

export const AGENT_FRAME = graphql(`
  query AgentFrame($org: ID!, $agent: ID!) {
    org(id: $org) {
      agent(id: $agent) {
        id
        name
        readiness { severity }
      }
    }
  }
`);

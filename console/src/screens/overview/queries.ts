import { graphql } from '../../graphql/graphql.ts';

export const OVERVIEW = graphql(`
  query Overview($org: ID!, $agent: ID!) {
    org(id: $org) {
      agent(id: $agent) {
        readiness { code severity field id message }
      }
    }
  }
`);

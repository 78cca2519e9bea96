import { graphql } from '../../graphql/graphql.ts';
import { PLAN } from '../../ui/plan/queries.ts';

export const EDITOR = graphql(`
  query Editor($org: ID!, $agent: ID!) {
    org(id: $org) {
      agent(id: $agent) {
        id
        version
        export(format: JSON)
        skills { id name source }
      }
    }
  }
`);

export const TOOLS = graphql(`
  query ToolsOfCatalog {
    catalog {
      tools { id name }
    }
  }
`);

export const SAVE = graphql(`
  mutation SaveAgent(
    $org: ID!
    $agent: ID!
    $document: String!
    $base: Int!
    $expectedVersion: Int
    $onConflict: OnConflict
    $plan: String
  ) {
    importAgent(
      org: $org
      agent: $agent
      document: $document
      base: $base
      expectedVersion: $expectedVersion
      onConflict: $onConflict
      plan: $plan
    ) {
      agent { id version export(format: JSON) }
    }
  }
`);

/** What both sides changed, and the agent as it is. */
export const CONFLICTS = graphql(`
  query MergeConflicts($org: ID!, $agent: ID!, $document: String!, $base: Int!) {
    org(id: $org) {
      agent(id: $agent) {
        export(format: JSON)
        planImport(document: $document, base: $base) {
          conflicts {
            section
            itemId
            path
            base
            theirs
            yours
            theirActor { kind name }
            theirAt
            valuesOmitted
          }
        }
      }
    }
  }
`);

export const PLAN_MERGE = graphql(
  `
  query PlanMerge($org: ID!, $agent: ID!, $document: String!, $base: Int!) {
    org(id: $org) {
      agent(id: $agent) {
        planImport(document: $document, base: $base, onConflict: YOURS) { ...Plan }
      }
    }
  }
`,
  [PLAN],
);

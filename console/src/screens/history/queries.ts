import { graphql } from '../../graphql/graphql.ts';
import { PLAN } from '../../ui/plan/queries.ts';

export const HISTORY = graphql(`
  query History(
    $org: ID!
    $agent: ID!
    $section: HistorySection
    $actor: ID
    $start: Instant
    $end: Instant
    $first: Int!
    $after: String
  ) {
    org(id: $org) {
      agent(id: $agent) {
        history(
          section: $section
          actor: $actor
          start: $start
          end: $end
          first: $first
          after: $after
        ) {
          nodes {
            version
            at
            actor { kind id name }
            door
            message
            sections
            restoredFrom
            current
          }
          pageInfo { endCursor hasNextPage }
        }
      }
    }
  }
`);

export const VERSION = graphql(`
  query Version($org: ID!, $agent: ID!, $version: Int!, $against: Int) {
    org(id: $org) {
      agent(id: $agent) {
        version
        atVersion(version: $version) {
          version
          at
          actor { kind id name }
          door
          message
          requestId
          sections
          restoredFrom
          current
          changes(against: $against) {
            section
            itemId
            path
            kind
            before
            after
          }
        }
      }
    }
  }
`);

export const PROMPT_CHANGES = graphql(`
  query PromptChanges($org: ID!, $agent: ID!, $version: Int!, $against: Int, $playbook: ID) {
    org(id: $org) {
      agent(id: $agent) {
        playbooks { id name }
        atVersion(version: $version) {
          promptChanges(against: $against, playbook: $playbook) {
            addedTokens
            sections { section addedTokens }
            hunks {
              beforeStart
              afterStart
              runs { kind lines }
            }
            isComplete
          }
        }
      }
    }
  }
`);

export const PLAN_RESTORE = graphql(
  `
  query PlanRestore($org: ID!, $agent: ID!, $version: Int!, $sections: [ChangedSection!]) {
    org(id: $org) {
      agent(id: $agent) {
        planRestore(version: $version, sections: $sections) { ...Plan }
      }
    }
  }
`,
  [PLAN],
);

export const RESTORE = graphql(`
  mutation Restore(
    $org: ID!
    $agent: ID!
    $version: Int!
    $sections: [ChangedSection!]
    $message: NonBlank
    $plan: String!
  ) {
    restoreAgent(
      org: $org
      agent: $agent
      version: $version
      sections: $sections
      message: $message
      plan: $plan
    ) {
      agent { id version }
    }
  }
`);

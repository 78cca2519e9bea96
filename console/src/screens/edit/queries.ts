import { graphql } from '../../graphql/graphql.ts';
import { PLAN } from '../../ui/plan/queries.ts';
import { SHOWN } from '../prompt/queries.ts';

const EDITED = graphql(`
  fragment EditedAgent on Agent {
    id
    name
    description
    version
    export(format: JSON)
  }
`);

export const EDITOR = graphql(
  `
  query Editor($org: ID!, $agent: ID!) {
    org(id: $org) {
      agent(id: $agent) {
        ...EditedAgent
        skills { id name source }
      }
    }
  }
`,
  [EDITED],
);

export const TOOLS = graphql(`
  query ToolsOfCatalog {
    catalog {
      tools { id name }
    }
  }
`);

export const SAVE = graphql(
  `
  mutation SaveAgent(
    $org: ID!
    $document: String!
    $base: Int!
    $expectedVersion: Int
    $onConflict: OnConflict
    $plan: String
  ) {
    importAgentDocument(
      org: $org
      document: $document
      base: $base
      expectedVersion: $expectedVersion
      onConflict: $onConflict
      plan: $plan
    ) {
      agent { ...EditedAgent }
    }
  }
`,
  [EDITED],
);

/** What both sides changed, and the agent as it is. */
export const CONFLICTS = graphql(
  `
  query MergeConflicts($org: ID!, $agent: ID!, $document: String!, $base: Int!) {
    org(id: $org) {
      agent(id: $agent) { ...EditedAgent }
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
`,
  [EDITED],
);

export const PLAN_MERGE = graphql(
  `
  query PlanMerge($org: ID!, $document: String!, $base: Int!) {
    org(id: $org) {
      planImport(document: $document, base: $base, onConflict: YOURS) { ...Plan }
    }
  }
`,
  [PLAN],
);

/** What a draft would make of the agent, with the changes of others: why not, and its prompt. */
export const DRAFT_PLAN = graphql(
  `
  query DraftPlan(
    $org: ID!
    $document: String!
    $base: Int!
    $playbook: ID
    $withPrompt: Boolean!
  ) {
    org(id: $org) {
      planImport(document: $document, base: $base, onConflict: YOURS) {
        blockers { code path message }
        prompt(playbook: $playbook) @include(if: $withPrompt) { ...ShownPrompt }
      }
    }
  }
`,
  [SHOWN],
);

export const MESSAGE_PREVIEW = graphql(`
  query MessagePreview(
    $org: ID!
    $agent: ID!
    $person: ID!
    $body: NonBlank!
    $policy: MissingSlotPolicy
  ) {
    org(id: $org) {
      agent(id: $agent) {
        messagePreview(personId: $person, body: $body, defaultOnMissingSlot: $policy) {
          blocked
          renderedText
          missingSlots { path action }
        }
      }
    }
  }
`);

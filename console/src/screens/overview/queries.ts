import { graphql } from '../../graphql/graphql.ts';
import { PLAN } from '../../ui/plan/queries.ts';

export const OVERVIEW = graphql(`
  query Overview($org: ID!, $agent: ID!) {
    org(id: $org) {
      agent(id: $agent) {
        readiness { code severity field id message }
        channels { id channel status statusDetail }
        toolBindings { toolId name enabled configStatus oauth { state } }
        updates {
          pieces { kind id name currentVersion latestVersion updateAvailable }
        }
      }
    }
  }
`);

/** Apart: counting the tokens of a prompt takes longest. */
export const PROMPT_SIZE = graphql(`
  query PromptSize($org: ID!, $agent: ID!) {
    org(id: $org) {
      agent(id: $agent) {
        prompt {
          estimatedTokens
          sections { section estimatedTokens }
        }
      }
    }
  }
`);

export const TRAFFIC = graphql(`
  query TrafficOfWeek($org: ID!, $agent: ID!) {
    org(id: $org) {
      activity(agent: $agent) {
        trafficByHour(days: 7) { start fromUser fromAgent }
      }
    }
  }
`);

export const PLAN_UPDATE = graphql(
  `
  query PlanUpdate($org: ID!, $agent: ID!, $kind: PieceKind!, $id: ID) {
    org(id: $org) {
      agent(id: $agent) {
        planUpdate(kind: $kind, id: $id) { ...Plan }
      }
    }
  }
`,
  [PLAN],
);

export const APPLY_UPDATE = graphql(`
  mutation ApplyUpdate($org: ID!, $agent: ID!, $input: ApplyUpdateInput!, $plan: String!) {
    applyUpdate(org: $org, agent: $agent, input: $input, plan: $plan) {
      agent { version }
    }
  }
`);

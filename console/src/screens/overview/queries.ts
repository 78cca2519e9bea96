import { graphql } from '../../graphql/graphql.ts';

export const OVERVIEW = graphql(`
  query Overview($org: ID!, $agent: ID!) {
    org(id: $org) {
      agent(id: $agent) {
        readiness { code severity field id message }
        channels { id channel status statusDetail }
        toolBindings { toolId name enabled configStatus oauth { state } }
        updates {
          updateCount
          pieces { kind id name templateId currentVersion latestVersion updateAvailable }
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

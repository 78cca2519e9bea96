const FINDING = '{ code severity field message }';
/** Versions that a comparison names. */
const MAX_VERSIONS = 50;

/** Fields of an agent's list of traffic, and of its stream. */
const MESSAGE =
  'messageId timestamp userId sessionId channel origin type subtype text error test agentVersion';
const ENTRY =
  'timestamp userId sessionId channel level event data error { message stack } framework agentVersion';

/**
 * Every GraphQL document of the client, by its name. A server of the same version trusts them, also
 * in an org that accepts trusted documents only.
 */
export const DOCUMENTS = {
  viewer: '{ viewer { id kind name memberships { orgId role scopes } } }',
  agents: `query ($org: ID!, $query: String, $after: String) {
  org(id: $org) {
    agents(query: $query, first: 100, after: $after) {
      nodes { id name description version updatedAt }
      pageInfo { hasNextPage endCursor }
    }
  }
}`,
  agent: `query ($org: ID!, $agent: ID!, $base: Int!, $hasBase: Boolean!) {
  org(id: $org) {
    agent(id: $agent) {
      id name description version export(format: JSON)
      atVersion(version: $base) @include(if: $hasBase) { definition(format: JSON) }
      changes(from: $base) @include(if: $hasBase) { section path before }
      history(first: ${MAX_VERSIONS}) {
        nodes { version at actor { kind id name } door message sections }
      }
    }
  }
}`,
  plan: `query ($org: ID!, $document: String!, $base: Int, $onConflict: OnConflict) {
  org(id: $org) {
    planImport(document: $document, base: $base, onConflict: $onConflict) {
      plan baseVersion
      changes { section itemId path kind before after }
      conflicts {
        section itemId path base theirs yours theirVersion theirAt theirActor { id name }
      }
      blockers { code path message }
      readiness { before ${FINDING} after ${FINDING} }
      definition(format: JSON)
    }
  }
}`,
  apply: `mutation (
  $org: ID!, $document: String!, $base: Int, $onConflict: OnConflict, $plan: String!
) {
  importAgentDocument(
    org: $org, document: $document, base: $base, onConflict: $onConflict, plan: $plan
  ) { agent { version } }
}`,
  remove: `mutation ($org: ID!, $agent: ID!, $version: Int!) {
  deleteAgent(org: $org, agent: $agent, expectedVersion: $version) { id }
}`,
  messages: `query (
    $org: ID!, $agent: ID!, $first: Int, $userId: ID, $sessionId: ID, $includeTest: Boolean
  ) {
    org(id: $org) { agent(id: $agent) {
      entries: messages(
        first: $first, userId: $userId, sessionId: $sessionId, includeTest: $includeTest
      ) { nodes { ${MESSAGE} } }
    } }
  }`,
  messageArrived: `subscription ($org: ID!, $agent: ID!, $after: String, $includeTest: Boolean) {
    arrival: messageArrived(org: $org, agent: $agent, after: $after, includeTest: $includeTest) {
      cursor entry: message { ${MESSAGE} }
    }
  }`,
  logs: `query (
    $org: ID!, $agent: ID!, $first: Int, $userId: ID, $sessionId: ID, $level: LogLevel
  ) {
    org(id: $org) { agent(id: $agent) {
      entries: logs(first: $first, userId: $userId, sessionId: $sessionId, level: $level) {
        nodes { ${ENTRY} }
      }
    } }
  }`,
  logArrived: `subscription ($org: ID!, $agent: ID!, $after: String, $level: LogLevel) {
    arrival: logArrived(org: $org, agent: $agent, after: $after, level: $level) {
      cursor entry { ${ENTRY} }
    }
  }`,
} as const;
export type DocumentName = keyof typeof DOCUMENTS;

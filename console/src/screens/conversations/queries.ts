import { graphql } from '../../graphql/graphql.ts';

export const CONVERSATION_ROW = graphql(`
  fragment ConversationRow on AgentConversationSummary {
    sessionId
    userId
    channel
    emulatedChannel
    test
    endedAt
    messageCount
    firstMessagePreview
    person { id fullName email phone }
  }
`);

export const CONVERSATIONS = graphql(
  `
    query Conversations(
      $org: ID!
      $agent: ID!
      $channel: String
      $user: ID
      $test: Boolean
      $start: Instant
      $end: Instant
      $first: Int!
      $after: String
    ) {
      org(id: $org) {
        activity(agent: $agent) {
          conversations(
            channel: $channel
            userId: $user
            includeTest: $test
            start: $start
            end: $end
            first: $first
            after: $after
          ) {
            nodes { ...ConversationRow }
            pageInfo { endCursor hasNextPage }
          }
        }
      }
    }
  `,
  [CONVERSATION_ROW],
);

export const CONVERSATIONS_WITH = graphql(
  `
    query ConversationsWith(
      $org: ID!
      $agent: ID!
      $person: ID!
      $channel: String
      $test: Boolean
      $start: Instant
      $end: Instant
      $first: Int!
      $after: String
    ) {
      org(id: $org) {
        activity(agent: $agent) {
          person(id: $person) {
            conversations(
              channel: $channel
              includeTest: $test
              start: $start
              end: $end
              first: $first
              after: $after
            ) {
              nodes { ...ConversationRow }
              pageInfo { endCursor hasNextPage }
            }
          }
        }
      }
    }
  `,
  [CONVERSATION_ROW],
);

export const CONVERSATION = graphql(`
  query Conversation($org: ID!, $agent: ID!, $session: ID!) {
    org(id: $org) {
      activity(agent: $agent) {
        conversation(sessionId: $session) {
          userId
          channel
          emulatedChannel
          test
          startedAt
          person { id fullName email phone }
        }
      }
    }
  }
`);

const MESSAGE = graphql(`
  fragment ThreadMessage on AgentMessageEntry {
    messageId
    timestamp
    origin
    type
    subtype
    text
    error
    agentVersion
    channelMessageId
  }
`);

export const THREAD = graphql(
  `
    query Thread(
      $org: ID!
      $agent: ID!
      $session: ID!
      $newestFirst: Boolean!
      $first: Int!
      $after: String
    ) {
      org(id: $org) {
        activity(agent: $agent) {
          conversation(sessionId: $session) {
            messages(newestFirst: $newestFirst, first: $first, after: $after) {
              edges {
                cursor
                node { ...ThreadMessage }
              }
              pageInfo { endCursor hasNextPage }
            }
          }
        }
      }
    }
  `,
  [MESSAGE],
);

export const THREAD_LIVE = graphql(
  `
    subscription ThreadLive($org: ID!, $agent: ID!, $session: ID!, $after: String) {
      messageArrived(
        org: $org
        agent: $agent
        sessionId: $session
        includeTest: true
        after: $after
      ) {
        cursor
        message {
          ...ThreadMessage
          userId
          channel
          test
        }
      }
    }
  `,
  [MESSAGE],
);

export const CONVERSATIONS_LIVE = graphql(`
  subscription ConversationsLive($org: ID!, $agent: ID!, $test: Boolean, $after: String) {
    messageArrived(org: $org, agent: $agent, includeTest: $test, after: $after) { cursor }
  }
`);

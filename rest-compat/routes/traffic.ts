import { PAGING, page, type Route } from '../route.ts';

const MESSAGE = `{ timestamp agentId userId sessionId origin type subtype channel text messageId
  channelMessageId channelConversationId error raw test emulatedChannel }`;
const CONVERSATION = `{ sessionId userId channel startedAt endedAt messageCount
  firstMessagePreview test emulatedChannel }`;
const USER = '{ userId channel lastSeenAt messageCount test emulatedChannel }';
const LOG = `{ timestamp agentId level event framework userId sessionId channel data
  error { message stack } raw }`;

/** The GraphQL type of each query parameter. Its variable has the same name. */
const TYPES = {
  start: 'Instant',
  end: 'Instant',
  channel: 'String',
  userId: 'ID',
  sessionId: 'ID',
  origin: 'MessageOrigin',
  type: 'MessageType',
  level: 'LogLevel',
  event: 'String',
  includeTest: 'Boolean',
} as const;
type Parameter = keyof typeof TYPES;

function traffic(
  field: string,
  summary: string,
  nodes: string,
  parameters: readonly Parameter[],
): Route {
  const variables = parameters.map((name) => `$${name}: ${TYPES[name]}`).join(', ');
  const args = parameters.map((name) => `${name}: $${name}`).join(', ');
  return {
    method: 'GET',
    path: `/orgs/{org}/agents/{agent}/${field}`,
    summary,
    operation: `query ($org: ID!, $agent: ID!, $first: Int, $after: String, ${variables}) {
      org(id: $org) { activity(agent: $agent) {
        ${field}(first: $first, after: $after, ${args}) ${page(nodes)}
      } }
    }`,
    query: { ...PAGING, ...Object.fromEntries(parameters.map((name) => [name, name])) },
    pick: `org.activity.${field}`,
  };
}

export const trafficRoutes: readonly Route[] = [
  traffic('messages', "Lists the agent's messages", MESSAGE, [
    'start',
    'end',
    'userId',
    'sessionId',
    'origin',
    'type',
    'includeTest',
  ]),
  traffic('conversations', "Lists the agent's conversations", CONVERSATION, [
    'start',
    'end',
    'channel',
    'userId',
    'includeTest',
  ]),
  traffic('users', "Lists the agent's users", USER, ['start', 'end', 'includeTest']),
  traffic('logs', "Lists the log entries of the agent's runtime", LOG, [
    'start',
    'end',
    'userId',
    'sessionId',
    'level',
    'event',
  ]),
];

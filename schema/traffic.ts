import {
  LOG_FIELDS,
  type LogEntry,
  MESSAGE_FIELDS,
  MESSAGE_TYPES,
  ORIGINS,
  previewOf,
  rawOfLog,
  rawOfMessage,
  type TrafficHour,
  type VersionUsage,
} from '../src/domain/traffic.ts';
import {
  type ConversationDoc,
  type LogDoc,
  type MessageDoc,
  messageIdOf,
  type UserDoc,
} from '../src/traffic/collections.ts';
import { HOURS_LIMITS, USAGE_LIMITS } from '../src/traffic/service.ts';
import { firstArg, idArg, pageArgs, trafficArgs } from './args.ts';
import { builder } from './builder.ts';
import { LogLevelType } from './catalog-manifests.ts';
import { connectionOf } from './connection.ts';
import { enumOf } from './enums.ts';
import { AgentActivityRef, AgentRef, OWNER_PARTS } from './refs.ts';
import { entity, mayOnDocument, mayOnOwned } from './rights.ts';
import { selectedPage } from './selection.ts';
import { TEXT } from './texts.ts';

const HOURS_PER_DAY = 24;

const MessageOrigin = enumOf('MessageOrigin', 'The sender of a message.', ORIGINS, {
  user: 'The user.',
  agent: 'The agent.',
});
const MessageType = enumOf('MessageType', 'The kind of a message.', MESSAGE_TYPES, {
  content: 'Content: text, media, cards.',
  action: 'An action in the conversation, such as a tapped reply.',
  status: 'The status of a message, such as delivered or read.',
});

const about = {
  userId: "The user's id on the channel.",
  sessionId: 'The id of the conversation, a bucket of 30 minutes.',
  channel: 'The channel, e.g. `slack` or `webchat`.',
  test: 'True for test traffic, from the emulator or an identified tester.',
  agentVersion: 'The version of the agent that answered, if the runtime named it.',
  emulatedChannel: 'The channel that the emulator rendered. Show it in place of `channel`.',
};

/** The stored fields from which the payload follows. */
const MESSAGE_PARTS = MESSAGE_FIELDS.filter((field) => field !== 'messageId');

/** The cost of a field of free JSON from the runtime, up to 32 KB. */
const PAYLOAD_COST = 10;

const mayReadMessages = mayOnOwned('viewer', 'messages:read');

export const MessageRef = builder.objectRef<MessageDoc>('AgentMessageEntry').implement({
  ...entity,
  projected: true,
  description: 'A message to or from an agent.',
  fields: (t) => {
    const text = (
      field:
        | 'subtype'
        | 'text'
        | 'channelMessageId'
        | 'channelConversationId'
        | 'error'
        | 'emulatedChannel',
      description: string,
    ) => t.exposeString(field, { nullable: true, description });
    return {
      timestamp: t.expose('timestamp', { type: 'DateTime', description: 'When it was sent.' }),
      agentId: t.exposeID('agentId', { description: "The agent's id." }),
      userId: t.exposeID('userId', { description: about.userId }),
      sessionId: t.exposeID('sessionId', { description: about.sessionId }),
      origin: t.expose('origin', { type: MessageOrigin, description: 'The sender.' }),
      type: t.expose('type', { type: MessageType, description: 'The kind of message.' }),
      subtype: text('subtype', 'The kind of content: text, image, card, receipt, dial …'),
      channel: t.exposeString('channel', { description: about.channel }),
      text: text('text', 'The content as plain text, best-effort.'),
      messageId: t.id({
        reads: ['owner'],
        description: 'The id, unique within the agent.',
        resolve: messageIdOf,
      }),
      agentVersion: t.exposeInt('agentVersion', {
        nullable: true,
        description: about.agentVersion,
      }),
      channelMessageId: text('channelMessageId', "The channel's id of the message."),
      channelConversationId: text('channelConversationId', "The channel's id of the conversation."),
      error: text('error', 'The reason why the message could not be delivered.'),
      raw: t.field({
        type: 'JSON',
        nullable: true,
        description: 'The full underlying payload.',
        reads: ['owner', ...MESSAGE_PARTS],
        complexity: PAYLOAD_COST,
        resolve: (doc) => rawOfMessage({ ...doc, messageId: messageIdOf(doc) }),
      }),
      test: t.exposeBoolean('test', { nullable: true, description: about.test }),
      emulatedChannel: text('emulatedChannel', about.emulatedChannel),
    };
  },
});
const MessageConnection = connectionOf(MessageRef);

const emulatedChannelOf = ({ emulated }: { emulated?: string }) => emulated && previewOf(emulated);

export const ConversationRef = builder
  .objectRef<ConversationDoc>('AgentConversationSummary')
  .implement({
    ...entity,
    projected: true,
    description: 'A summary of a conversation.',
    fields: (t) => ({
      sessionId: t.exposeID('sessionId', { description: about.sessionId }),
      userId: t.exposeID('userId', { description: about.userId }),
      channel: t.exposeString('channel', { description: about.channel }),
      startedAt: t.expose('startedAt', {
        type: 'DateTime',
        description: 'The time of the first message.',
      }),
      endedAt: t.expose('endedAt', {
        type: 'DateTime',
        description: 'The time of the last message.',
      }),
      messageCount: t.exposeInt('messageCount', { description: 'The number of messages.' }),
      firstMessagePreview: t.string({
        nullable: true,
        description: 'The start of the first message with text.',
        reads: ['preview'],
        resolve: ({ preview }) => preview && previewOf(preview),
      }),
      test: t.exposeBoolean('test', { nullable: true, description: about.test }),
      emulatedChannel: t.string({
        nullable: true,
        description: about.emulatedChannel,
        reads: ['emulated'],
        resolve: emulatedChannelOf,
      }),
      messages: t.field({
        type: MessageConnection,
        ...mayReadMessages,
        reads: ['owner', 'channel', 'userId', 'sessionId', 'test'],
        description: 'The messages of the conversation, oldest first.',
        args: {
          ...pageArgs(t.arg),
          newestFirst: t.arg.boolean({
            description: 'Lists the newest first. Both orders accept the same cursors.',
          }),
        },
        resolve: (conversation, page, { services, loaders, work }, info) =>
          selectedPage(info, (parts) =>
            services.traffic.messagesOf(work, conversation, page, parts, loaders.traffic),
          ),
      }),
    }),
  });
export const ConversationConnection = connectionOf(ConversationRef);

export const UserRef = builder.objectRef<UserDoc>('AgentUserSummary').implement({
  ...entity,
  projected: true,
  description: 'A summary of a user of an agent on one channel.',
  fields: (t) => ({
    userId: t.exposeID('userId', { description: about.userId }),
    channel: t.exposeString('channel', { description: about.channel }),
    lastSeenAt: t.expose('lastSeenAt', {
      type: 'DateTime',
      description: 'The time of the last message.',
    }),
    messageCount: t.exposeInt('messageCount', { description: 'The number of messages.' }),
    test: t.exposeBoolean('test', { nullable: true, description: about.test }),
    emulatedChannel: t.string({
      nullable: true,
      description: about.emulatedChannel,
      reads: ['emulated'],
      resolve: emulatedChannelOf,
    }),
    conversations: t.field({
      type: ConversationConnection,
      ...mayReadMessages,
      reads: ['owner', 'channel', 'userId', 'test'],
      description: 'The conversations of the user, newest first.',
      args: pageArgs(t.arg),
      resolve: (user, page, { services, loaders, work }, info) =>
        selectedPage(info, (parts) =>
          services.traffic.conversationsOf(work, user, page, parts, loaders.traffic),
        ),
    }),
  }),
});
const UserConnection = connectionOf(UserRef);

const LogError = builder.objectRef<NonNullable<LogEntry['error']>>('AgentLogError').implement({
  description: 'A failure.',
  fields: (t) => ({
    message: t.exposeString('message', { description: 'The message of the failure.' }),
    stack: t.exposeString('stack', { nullable: true, description: 'The stack trace.' }),
  }),
});

export const LogRef = builder.objectRef<LogDoc>('AgentLogEntry').implement({
  ...entity,
  projected: true,
  description: "An entry in the log of an agent's runtime.",
  fields: (t) => ({
    timestamp: t.expose('timestamp', { type: 'DateTime', description: 'When the event happened.' }),
    agentId: t.exposeID('agentId', { description: "The agent's id." }),
    level: t.expose('level', { type: LogLevelType, description: 'The severity.' }),
    event: t.exposeString('event', {
      description: 'The event, dot-namespaced, e.g. `framework.dispatched`.',
    }),
    framework: t.exposeString('framework', {
      nullable: true,
      description: 'The framework where the event happened.',
    }),
    userId: t.exposeID('userId', { nullable: true, description: about.userId }),
    sessionId: t.exposeID('sessionId', { nullable: true, description: about.sessionId }),
    channel: t.exposeString('channel', { nullable: true, description: about.channel }),
    agentVersion: t.exposeInt('agentVersion', {
      nullable: true,
      description: about.agentVersion,
    }),
    data: t.field({
      type: 'JSON',
      nullable: true,
      description: 'The data of the event. The log-events catalog describes its fields.',
      reads: ['data'],
      complexity: PAYLOAD_COST,
      resolve: ({ data }) => (data === undefined ? null : JSON.parse(data)),
    }),
    error: t.expose('error', { type: LogError, nullable: true, description: 'The failure.' }),
    raw: t.field({
      type: 'JSON',
      nullable: true,
      description: 'The full underlying payload.',
      reads: LOG_FIELDS,
      complexity: PAYLOAD_COST,
      resolve: rawOfLog,
    }),
  }),
});
const LogConnection = connectionOf(LogRef);

const VersionUsageRef = builder.objectRef<VersionUsage>('AgentVersionUsage').implement({
  ...entity,
  description: 'What a version of an agent has said. Test traffic is not counted.',
  fields: (t) => ({
    version: t.exposeInt('version', { description: "The agent's version." }),
    messageCount: t.exposeInt('messageCount', {
      description: 'The number of messages that name the version.',
    }),
    conversationCount: t.exposeInt('conversationCount', {
      description: 'The number of conversations with such a message.',
    }),
    firstAt: t.expose('firstAt', {
      type: 'DateTime',
      description: 'The time of the earliest message.',
    }),
    lastAt: t.expose('lastAt', {
      type: 'DateTime',
      description: 'The time of the latest message.',
    }),
  }),
});

const TrafficHourRef = builder.objectRef<TrafficHour>('AgentTrafficHour').implement({
  ...entity,
  description:
    'The messages of an hour. Neither test traffic nor statuses of other messages are counted.',
  fields: (t) => ({
    start: t.expose('start', { type: 'DateTime', description: 'The start of the hour, in UTC.' }),
    fromUser: t.exposeInt('fromUser', { description: 'The number of messages from users.' }),
    fromAgent: t.exposeInt('fromAgent', { description: 'The number of messages from the agent.' }),
  }),
});

for (const ref of [AgentRef, AgentActivityRef]) {
  builder.objectFields(ref, (t) => {
    const { start, end, first, after } = trafficArgs(t.arg);
    const userId = t.arg.id({ description: 'Only entries of this user.' });
    const sessionId = t.arg.id({ description: 'Only entries of this conversation.' });
    const includeTest = t.arg.boolean({ description: 'Includes test traffic.' });
    const traffic = mayOnDocument('viewer', 'messages:read');
    return {
      messages: t.field({
        type: MessageConnection,
        ...traffic,
        reads: OWNER_PARTS,
        description: "The agent's messages, newest first.",
        args: {
          start,
          end,
          first,
          after,
          userId,
          sessionId,
          origin: t.arg({ type: MessageOrigin, description: 'Only messages from this sender.' }),
          type: t.arg({ type: MessageType, description: 'Only messages of this kind.' }),
          includeTest,
        },
        resolve: (agent, query, { services, loaders, work }, info) =>
          selectedPage(info, (parts) =>
            services.traffic.messages(work, agent, query, parts, loaders.traffic),
          ),
      }),
      conversations: t.field({
        type: ConversationConnection,
        ...traffic,
        reads: OWNER_PARTS,
        description:
          "The agent's conversations whose last message is in the time range, newest first.",
        args: {
          start,
          end,
          first,
          after,
          channel: t.arg({ ...TEXT.channel, description: 'Only conversations on this channel.' }),
          userId,
          includeTest,
        },
        resolve: (agent, query, { services, loaders, work }, info) =>
          selectedPage(info, (parts) =>
            services.traffic.conversations(work, agent, query, parts, loaders.traffic),
          ),
      }),
      conversation: t.field({
        type: ConversationRef,
        ...traffic,
        reads: OWNER_PARTS,
        fails: ['conversation.not_found'],
        description:
          'One conversation of the agent, whenever it was; test traffic only if no live conversation has the id. Null, with an error `conversation.not_found`, if it does not exist.',
        args: { sessionId: idArg(t.arg, about.sessionId) },
        resolve: (agent, { sessionId }, { services, loaders, work }) =>
          services.traffic.conversation(work, agent, sessionId, loaders.traffic),
      }),
      users: t.field({
        type: UserConnection,
        ...traffic,
        reads: OWNER_PARTS,
        description: "The agent's users whose last message is in the time range, newest first.",
        args: { start, end, first, after, includeTest },
        resolve: (agent, query, { services, loaders, work }, info) =>
          selectedPage(info, (parts) =>
            services.traffic.users(work, agent, query, parts, loaders.traffic),
          ),
      }),
      logs: t.field({
        type: LogConnection,
        ...traffic,
        reads: OWNER_PARTS,
        description: "The log entries of the agent's runtime, newest first.",
        args: {
          start,
          end,
          first,
          after,
          userId,
          sessionId,
          level: t.arg({ type: LogLevelType, description: 'Only entries of this level.' }),
          event: t.arg({ ...TEXT.event, description: 'Only entries of this event.' }),
        },
        resolve: (agent, query, { services, loaders, work }, info) =>
          selectedPage(info, (parts) =>
            services.traffic.logs(work, agent, query, parts, loaders.traffic),
          ),
      }),
      trafficByHour: t.field({
        type: [TrafficHourRef],
        ...traffic,
        reads: OWNER_PARTS,
        listLength: HOURS_LIMITS.default * HOURS_PER_DAY,
        description:
          'The messages of each hour of the last days, oldest first; hours without any are left out.',
        args: {
          days: t.arg.int({
            description: `The number of days: at most ${HOURS_LIMITS.max}, and ${HOURS_LIMITS.default} if omitted.`,
          }),
        },
        resolve: async (agent, { days }, { services, loaders, work }) => [
          ...(await services.traffic.hours(work, agent, days, loaders.traffic)),
        ],
      }),
      versionUsage: t.field({
        type: [VersionUsageRef],
        ...traffic,
        reads: OWNER_PARTS,
        description:
          'The messages and conversations of each version of the agent that messages name, newest version first.',
        args: { first: firstArg(t.arg, USAGE_LIMITS) },
        resolve: async (agent, { first: limit }, { services, loaders, work }) => [
          ...(await services.traffic.versionUsage(work, agent, limit, loaders.traffic)),
        ],
      }),
    };
  });
}

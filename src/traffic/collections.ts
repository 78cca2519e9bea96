import { ownerKey } from '../agents/collection.ts';
import type { Agent } from '../domain/agents.ts';
import type { ChannelUser } from '../domain/channel-users.ts';
import { type LogEntry, type Message, previewClaim } from '../domain/traffic.ts';
import { type Collection, collectionSpec, type Doc, type Increment } from '../store/port.ts';
import type { TrafficHourDoc } from './hours.ts';
import type { ConversationVersionDoc, VersionUseDoc } from './version-usage.ts';

export type TrafficOwner = Pick<Agent, 'org' | 'uid'>;

/** What messages and logs have in common as they are stored. The key is the owner and the id. */
interface Stored extends Doc {
  readonly owner: string;
  /** Grows with arrival: what live updates go by, for timestamps come in any order. */
  readonly arrival: string;
}

const ARRIVAL_TIME_LENGTH = 9;

/** The head of the arrivals of a moment: text order is time order. */
export function arrivalTime(millis: number): string {
  return millis.toString(36).padStart(ARRIVAL_TIME_LENGTH, '0');
}

/** As stored. The key ends in the `messageId`. */
export interface MessageDoc extends Omit<Message, 'messageId'>, Stored {
  /** That it is no test traffic. */
  readonly live: boolean;
}

/** The part of a message's key behind its owner. */
export function messageIdOf({ key, owner }: Pick<MessageDoc, 'key' | 'owner'>): string {
  return key.slice(owner.length + 1);
}

/** The values of `live`. */
export const LIVE_OR_TEST = [true, false];

/**
 * Which index serves which query: `bySession` those with a session, `byUser`
 * those with a user, `byTime` all others, `arrivals` live updates and the purge.
 * Other filters look at what is met.
 */
export const MESSAGES = collectionSpec<MessageDoc>(
  'messages',
  {
    byTime: { eq: ['owner', 'live'], order: 'timestamp' },
    byUser: { eq: ['owner', 'userId'], order: 'timestamp' },
    bySession: { eq: ['owner', 'sessionId'], order: 'timestamp' },
    arrivals: { eq: ['owner'], order: 'arrival' },
  },
  'owner',
);

export interface LogDoc extends LogEntry, Stored {}

/** A query goes by the first of session, user, event and level that it names. */
export const LOGS = collectionSpec<LogDoc>(
  'logs',
  {
    byTime: { eq: ['owner'], order: 'timestamp' },
    byUser: { eq: ['owner', 'userId'], order: 'timestamp' },
    bySession: { eq: ['owner', 'sessionId'], order: 'timestamp' },
    byEvent: { eq: ['owner', 'event'], order: 'timestamp' },
    byLevel: { eq: ['owner', 'level'], order: 'timestamp' },
    arrivals: { eq: ['owner'], order: 'arrival' },
  },
  'owner',
);

/** What both summaries have in common: counted as messages are written, and in no other way. */
interface Summary extends Doc {
  readonly owner: string;
  readonly userId: string;
  readonly channel: string;
  readonly messageCount: number;
  readonly live: boolean;
  readonly test?: true;
  /** The time and the name of the channel that an emulator rendered last. */
  readonly emulated?: string;
}

/** Test and live traffic of one session are summed up apart. */
export interface ConversationDoc extends Summary {
  /** The channel and the user (`userName`). */
  readonly user: string;
  readonly sessionId: string;
  readonly startedAt: string;
  readonly endedAt: string;
  /** The claim of the earliest message (see `previewClaim`). */
  readonly preview?: string;
}

export const CONVERSATIONS = collectionSpec<ConversationDoc>(
  'conversations',
  {
    byTime: { eq: ['owner', 'live'], order: 'endedAt' },
    byUserId: { eq: ['owner', 'live', 'userId'], order: 'endedAt' },
    byChannel: { eq: ['owner', 'live', 'channel'], order: 'endedAt' },
    bySession: { eq: ['owner', 'live', 'sessionId'], order: 'endedAt' },
    byChannelUser: { eq: ['owner', 'live', 'user'], order: 'endedAt' },
  },
  'owner',
);

export interface UserDoc extends Summary {
  readonly lastSeenAt: string;
}

export const USERS = collectionSpec<UserDoc>(
  'users',
  {
    byTime: { eq: ['owner', 'live'], order: 'lastSeenAt' },
  },
  'owner',
);

export interface TrafficCollections {
  readonly messages: Collection<MessageDoc>;
  readonly conversations: Collection<ConversationDoc>;
  readonly users: Collection<UserDoc>;
  readonly logs: Collection<LogDoc>;
  readonly versionUses: Collection<VersionUseDoc>;
  readonly conversationVersions: Collection<ConversationVersionDoc>;
  readonly trafficHours: Collection<TrafficHourDoc>;
}

/** The same, for reads alone; scans may be combined into fewer reads. */
export type TrafficScanners = {
  readonly [Name in Exclude<keyof TrafficCollections, 'conversationVersions'>]: Pick<
    TrafficCollections[Name],
    'scan'
  >;
};

/** A message as it is stored, and what it adds to its summaries. */
export interface StoredMessage {
  readonly doc: MessageDoc;
  readonly conversation: Increment;
  readonly user: Increment;
}

export function messageToStore(
  owner: TrafficOwner,
  message: Message,
  arrival: string,
): StoredMessage {
  const hangsOn = ownerKey(owner);
  const { timestamp, userId, sessionId, channel, test, emulatedChannel } = message;
  const kind = { live: !test, ...(test && { test }) };
  const emulated = emulatedChannel && { emulated: `${timestamp} ${emulatedChannel}` };
  const preview = previewClaim(message);
  const ofUser = userKey(hangsOn, message, test);
  const { messageId, ...rest } = message;
  const key = `${hangsOn}/${messageId}`;
  return {
    doc: { ...rest, ...kind, key, version: 1, owner: hangsOn, arrival },
    conversation: {
      key: `${ofUser}/${escaped(sessionId)}`,
      init: { owner: hangsOn, userId, sessionId, channel, user: userName(message), ...kind },
      add: { messageCount: 1 },
      min: { startedAt: timestamp, ...(preview && { preview }) },
      max: { endedAt: timestamp, ...emulated },
    },
    user: {
      key: ofUser,
      init: { owner: hangsOn, userId, channel, ...kind },
      add: { messageCount: 1 },
      max: { lastSeenAt: timestamp, ...emulated },
    },
  };
}

export function logToStore(
  owner: TrafficOwner,
  log: LogEntry,
  logId: string,
  arrival: string,
): LogDoc {
  const hangsOn = ownerKey(owner);
  const key = `${hangsOn}/${logId}`;
  return { ...log, key, version: 1, owner: hangsOn, arrival };
}

/** The key of the summary of a user, of live or of test traffic. */
export function userKey(owner: string, user: ChannelUser, test?: boolean): string {
  return `${owner}/${userName(user)}${test ? '/test' : ''}`;
}

/** The channel and the user's id there as one text. */
export function userName({ channel, userId }: ChannelUser): string {
  return `${channel}/${escaped(userId)}`;
}

/** One part of a key: no part can run into the next. */
function escaped(part: string): string {
  return part.replace(/[%/]/g, (it) => (it === '%' ? '%25' : '%2F'));
}

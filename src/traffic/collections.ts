import { ownerKey } from '../agents/collection.ts';
import type { Agent } from '../domain/agents.ts';
import { type LogEntry, type Message, previewClaim } from '../domain/traffic.ts';
import { type Collection, collectionSpec, type Doc, type Increment } from '../store/port.ts';

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

export interface MessageDoc extends Message, Stored {
  /** That it is no test traffic. */
  readonly live: boolean;
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
    byUser: { eq: ['owner', 'userId'], order: 'endedAt' },
    byChannel: { eq: ['owner', 'live', 'channel'], order: 'endedAt' },
    bySession: { eq: ['owner', 'live', 'sessionId'], order: 'endedAt' },
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
}

/** The same, for reads alone; scans may be combined into fewer reads. */
export type TrafficScanners = {
  readonly [Name in keyof TrafficCollections]: Pick<TrafficCollections[Name], 'scan'>;
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
  const userKey = `${hangsOn}/${channel}/${escaped(userId)}${test ? '/test' : ''}`;
  const key = `${hangsOn}/${message.messageId}`;
  return {
    doc: { ...message, ...kind, key, version: 1, owner: hangsOn, arrival },
    conversation: {
      key: `${userKey}/${escaped(sessionId)}`,
      init: { owner: hangsOn, userId, sessionId, channel, ...kind },
      add: { messageCount: 1 },
      min: { startedAt: timestamp, ...(preview && { preview }) },
      max: { endedAt: timestamp, ...emulated },
    },
    user: {
      key: userKey,
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

/** One part of a key: no part can run into the next. */
function escaped(part: string): string {
  return part.replace(/[%/]/g, (it) => (it === '%' ? '%25' : '%2F'));
}

import type { Problem } from './errors.ts';
import { formProblems } from './form.ts';
import { SLUG } from './ids.ts';
import { instantOf, parseInstant } from './time.ts';

export const ORIGINS = ['user', 'agent'] as const;
export const MESSAGE_TYPES = ['content', 'status', 'action'] as const;
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export type Origin = (typeof ORIGINS)[number];
export type MessageType = (typeof MESSAGE_TYPES)[number];
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A message to or from an agent (reference, "Messages, conversations, users, and logs"). */
export interface Message {
  /** ISO-8601 with milliseconds, UTC. */
  readonly timestamp: string;
  readonly agentId: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly origin: Origin;
  readonly type: MessageType;
  readonly subtype?: string;
  readonly channel: string;
  readonly text?: string;
  readonly messageId: string;
  /** The version of the agent that answered. */
  readonly agentVersion?: number;
  readonly channelMessageId?: string;
  readonly channelConversationId?: string;
  readonly error?: string;
  /** JSON text, because stores differ in the types that they support. Unset where the entry is its own. */
  readonly raw?: string;
  readonly test?: true;
  readonly emulatedChannel?: string;
}

export interface Conversation {
  readonly sessionId: string;
  readonly userId: string;
  readonly channel: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly messageCount: number;
  readonly firstMessagePreview?: string;
  readonly test?: true;
  readonly emulatedChannel?: string;
}

export interface User {
  readonly userId: string;
  readonly channel: string;
  readonly lastSeenAt: string;
  readonly messageCount: number;
  readonly test?: true;
  readonly emulatedChannel?: string;
}

/** What a version of an agent has said, without test traffic. */
export interface VersionUsage {
  readonly version: number;
  readonly messageCount: number;
  /** Conversations with a message of the version. */
  readonly conversationCount: number;
  /** ISO-8601. The time of the earliest message. */
  readonly firstAt: string;
  /** ISO-8601. The time of the latest message. */
  readonly lastAt: string;
}

/** The messages of an hour, without test traffic and without statuses of other messages. */
export interface TrafficHour {
  /** ISO-8601. */
  readonly start: string;
  readonly fromUser: number;
  readonly fromAgent: number;
}

export interface LogEntry {
  /** ISO-8601 with milliseconds, UTC. */
  readonly timestamp: string;
  readonly agentId: string;
  readonly level: LogLevel;
  readonly event: string;
  readonly framework?: string;
  readonly userId?: string;
  readonly sessionId?: string;
  readonly channel?: string;
  /** The version of the agent at work. */
  readonly agentVersion?: number;
  /** JSON text. */
  readonly data?: string;
  readonly error?: { readonly message: string; readonly stack?: string };
  /** JSON text. Unset where the entry is its own. */
  readonly raw?: string;
  /** Set where `raw` is unset and the entry was sent with it. */
  readonly logId?: string;
}

/** A valid entry of the runtime. */
export type Entry =
  | { readonly kind: 'message'; readonly message: Message }
  /** `logId` identifies the log entry; without one, its content does. */
  | { readonly kind: 'log'; readonly log: LogEntry; readonly logId: string | undefined };

export type ReadEntry = Entry | { readonly kind: 'bad'; readonly problems: readonly Problem[] };

/** Bytes of JSON in `raw`, and in `data`. */
export const MAX_JSON_BYTES = 32 * 1024;
const MAX_TEXT_LENGTH = 16_000;
/** Of `Int` in GraphQL. */
const MAX_VERSION = 2 ** 31 - 1;

/** UTF-8 bytes. Ids are parts of keys, which are bounded and have no control characters. */
const MAX_ID_BYTES = 160;
const id = { type: 'string', minLength: 1, maxLength: MAX_ID_BYTES, pattern: '^\\P{Cc}+$' };
const word = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$' };
/** Orgs choose the ids of their agents, which may be longer than a word. */
const slug = { type: 'string', pattern: SLUG.source };
const line = { type: 'string', minLength: 1, maxLength: 500 };
const version = { type: 'integer', minimum: 1, maximum: MAX_VERSION };
const ID_FIELDS = ['userId', 'sessionId', 'messageId', 'logId'] as const;
/** Text or milliseconds; checked by `timeOf`. */
const time = {};

const MESSAGE = {
  type: 'object',
  properties: {
    timestamp: time,
    agentId: slug,
    userId: id,
    sessionId: id,
    origin: { enum: ORIGINS },
    type: { enum: MESSAGE_TYPES },
    subtype: word,
    channel: word,
    text: { type: 'string', maxLength: MAX_TEXT_LENGTH },
    messageId: id,
    agentVersion: version,
    channelMessageId: line,
    channelConversationId: line,
    error: { type: 'string', maxLength: MAX_TEXT_LENGTH },
    raw: {},
    test: { type: 'boolean' },
    emulatedChannel: word,
  },
  required: [
    'timestamp',
    'agentId',
    'userId',
    'sessionId',
    'origin',
    'type',
    'channel',
    'messageId',
  ],
  additionalProperties: false,
};

const LOG = {
  type: 'object',
  properties: {
    timestamp: time,
    agentId: slug,
    level: { enum: LOG_LEVELS },
    event: word,
    framework: word,
    userId: id,
    sessionId: id,
    channel: word,
    agentVersion: version,
    data: {},
    error: {
      type: 'object',
      properties: {
        message: { type: 'string', maxLength: MAX_TEXT_LENGTH },
        stack: { type: 'string', maxLength: MAX_TEXT_LENGTH },
      },
      required: ['message'],
      additionalProperties: false,
    },
    raw: {},
    logId: id,
  },
  required: ['timestamp', 'agentId', 'level', 'event'],
  additionalProperties: false,
};

/** An entry that its form accepts. */
interface Sent {
  readonly [field: string]: unknown;
  readonly timestamp: unknown;
  readonly raw?: unknown;
}

/**
 * Reads an entry: a log entry if it has a `level`, otherwise a message. Without a `raw`, the entry
 * itself is its `raw`.
 *
 * @param within the path of the entry, e.g. `[3]`
 */
export function readEntry(value: unknown, within: string): ReadEntry {
  const isLog = typeof value === 'object' && value !== null && Object.hasOwn(value, 'level');
  const problems = formProblems(isLog ? LOG : MESSAGE, value, within);
  if (problems.length > 0) return { kind: 'bad', problems };
  const sent = value as Sent;
  const timestamp = timeOf(sent.timestamp);
  if (timestamp === undefined) {
    problems.push({ path: at(within, 'timestamp'), message: 'must be a point in time' });
  }
  for (const field of ID_FIELDS) {
    const text = sent[field];
    if (typeof text === 'string' && hasMoreBytes(text, MAX_ID_BYTES)) {
      problems.push({
        path: at(within, field),
        message: `must have at most ${MAX_ID_BYTES} bytes`,
      });
    }
  }
  const raw = JSON.stringify(sent.raw ?? sent);
  const data = sent.data === undefined ? '' : JSON.stringify(sent.data);
  for (const [field, json] of [['raw', raw] as const, ['data', data] as const]) {
    if (!hasMoreBytes(json, MAX_JSON_BYTES)) continue;
    const message = `must have at most ${MAX_JSON_BYTES} bytes of JSON`;
    problems.push({ path: at(within, field), message });
  }
  if (problems.length > 0 || timestamp === undefined) return { kind: 'bad', problems };
  // It is stored once, if what is stored gives it back as it was sent.
  const isItsRaw = sent.raw === undefined && sent.timestamp === timestamp && sent.test !== false;
  if (isLog) {
    const { logId, data: _, raw: __, ...rest } = sent;
    const log = {
      ...rest,
      timestamp,
      ...(isItsRaw ? logId !== undefined && { logId } : { raw }),
      ...(data && { data }),
    };
    return { kind: 'log', log: log as unknown as LogEntry, logId: logId as string | undefined };
  }
  const { raw: _, ...rest } = sent;
  const message: Record<string, unknown> = { ...rest, timestamp, ...(!isItsRaw && { raw }) };
  if (sent.test === false) delete message.test;
  return { kind: 'message', message: message as unknown as Message };
}

/** The fields of a message from which `rawOfMessage` follows. */
export const MESSAGE_FIELDS = Object.keys(MESSAGE.properties) as (keyof Message)[];
/** The fields of a log entry from which `rawOfLog` follows. */
export const LOG_FIELDS = Object.keys(LOG.properties) as (keyof LogEntry)[];

/** The payload of a message: that which was sent, else the entry itself. */
export function rawOfMessage(message: Message): unknown {
  return message.raw === undefined ? picked(message, MESSAGE_FIELDS) : JSON.parse(message.raw);
}

/** The payload of a log entry: that which was sent, else the entry itself. */
export function rawOfLog(log: LogEntry): unknown {
  if (log.raw !== undefined) return JSON.parse(log.raw);
  const entry = picked(log, LOG_FIELDS);
  return log.data === undefined ? entry : { ...entry, data: JSON.parse(log.data) };
}

function picked<T extends object>(entry: T, fields: readonly (keyof T)[]): Partial<T> {
  const set = fields.filter((field) => entry[field] !== undefined);
  return Object.fromEntries(set.map((field) => [field, entry[field]])) as Partial<T>;
}

const MAX_UTF8_BYTES_OF_UNIT = 3;

/** Counts the bytes only of texts that may be too long. */
function hasMoreBytes(text: string, bytes: number): boolean {
  return text.length * MAX_UTF8_BYTES_OF_UNIT > bytes && Buffer.byteLength(text) > bytes;
}

function timeOf(sent: unknown): string | undefined {
  if (typeof sent === 'number') return instantOf(sent);
  return typeof sent === 'string' ? parseInstant(sent) : undefined;
}

function at(within: string, field: string): string {
  return within ? `${within}.${field}` : field;
}

const PREVIEW_LENGTH = 160;

/**
 * A text that identifies the first message of a conversation: the lowest one belongs to
 * the earliest message, in whatever order messages arrive. Undefined for a message
 * without text.
 */
export function previewClaim({ timestamp, type, text }: Message): string | undefined {
  if (type !== 'content' || !text?.trim()) return undefined;
  const head = text
    .trim()
    .slice(0, 2 * PREVIEW_LENGTH)
    .replace(/\s+/g, ' ');
  const short = head.length <= PREVIEW_LENGTH;
  return `${timestamp} ${short ? head : [...head].slice(0, PREVIEW_LENGTH).join('')}`;
}

/** The message's text in a claim. */
export function previewOf(claim: string): string {
  return claim.slice(claim.indexOf(' ') + 1);
}

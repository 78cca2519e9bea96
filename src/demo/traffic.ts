import type { ChannelUser } from '../domain/channel-users.ts';
import { type DemoTopic, SCRIPTS } from './scripts.ts';

/** A version of an agent, and when it came into force: milliseconds since 1970. */
export interface DemoVersion {
  readonly version: number;
  readonly from: number;
}

/** Parameters of a generated stream of traffic. */
export interface DemoTraffic {
  readonly agentId: string;
  /** About how many messages: the last conversation is completed. */
  readonly messages: number;
  readonly users: number;
  readonly days: number;
  /** What people write about. */
  readonly topic?: DemoTopic;
  /** The versions of the agent, oldest first: each answers until the next one. */
  readonly versions?: readonly DemoVersion[];
  /** The end of the stream, in milliseconds since 1970. */
  readonly until: number;
  /** The same seed gives the same stream; streams of different seeds share no ids. */
  readonly seed: number;
}

const CHANNELS = ['webchat', 'rcs', 'whatsapp', 'sms'] as const;
const EMULATED = ['rcs', 'amb', 'whatsapp', 'sms'] as const;
const DAY_MS = 24 * 60 * 60 * 1_000;
const MESSAGES_PER_SESSION = 7;
const PROVIDER_TROUBLE = 0.02;
const TEST_SHARE = 0.03;
const READ_SHARE = 0.4;
/** A suggested reply that the user taps. */
const TAP = { type: 'action', subtype: 'suggestion' };
/** Where the people are. */
const TIME_ZONE = 'America/Los_Angeles';
const HOUR_MS = DAY_MS / 24;

/**
 * Yields conversations, oldest first, as entries to ingest: messages and log entries. Most begin in
 * the daytime of the people, few at night and on weekends.
 */
export function* demoTraffic(options: DemoTraffic): Generator<object> {
  const random = numbers(options.seed);
  const { messages, days, until, versions = [] } = options;
  const sessions = Math.max(1, Math.ceil(messages / MESSAGES_PER_SESSION));
  // At least half an hour before the end, so that the whole conversation is in the past.
  const timeAt = rhythm(until - days * DAY_MS, until - DAY_MS / 48);
  let generated = 0;
  for (let session = 0; generated < messages; session += 1) {
    const place = Math.min(0.999, (session + random()) / sessions);
    const at = timeAt(place);
    const version = versions.findLast(({ from }) => from <= at)?.version;
    for (const entry of conversation(options, { session, at, version }, random)) {
      if ('messageId' in entry) generated += 1;
      yield entry;
    }
  }
}

interface Session {
  readonly session: number;
  readonly at: number;
  readonly version: number | undefined;
}

function* conversation(
  { agentId, seed, users, topic = 'sales' }: DemoTraffic,
  { session, at, version }: Session,
  random: () => number,
): Generator<object> {
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  // Each user has a conversation before any has two.
  const user = session < users ? session : Math.floor(random() * users);
  const isTest = random() < TEST_SHARE;
  const id = `${seed.toString(36)}-${session.toString(36).padStart(6, '0')}`;
  const known = demoUser(user);
  const channel = isTest ? 'webchat' : known.channel;
  const userId = isTest ? visitor(user) : known.userId;
  const head = { agentId, userId, sessionId: `ses-${id}`, channel };
  const answers = version !== undefined && { agentVersion: version };
  const test = isTest && { test: true, emulatedChannel: pick(EMULATED) };
  let time = at;
  let n = 0;
  const timestamp = () => new Date(Math.floor(time)).toISOString();
  const message = (fields: object) => {
    time += 4_000 + random() * 50_000;
    n += 1;
    const messageId = `msg-${id}-${n.toString(36).padStart(3, '0')}`;
    return { timestamp: timestamp(), ...head, ...fields, messageId, ...test };
  };
  const log = (level: string, event: string, data: object) => ({
    timestamp: timestamp(),
    ...head,
    level,
    event,
    framework: 'anychat',
    ...answers,
    data,
    logId: `log-${id}-${event}-${n}`,
  });
  yield log('info', 'session.started', { channel });
  let last: object = {};
  for (const turn of pick(SCRIPTS[topic])) {
    yield message({ ...said('user', turn.user), ...(turn.tap && TAP) });
    yield log('info', 'llm.call', {
      model: 'large-2',
      purpose: 'reply',
      inputTokens: Math.floor(600 + random() * 2_000),
      outputTokens: Math.floor(20 + random() * 120),
      durationMs: Math.floor(400 + random() * 2_500),
      finishReason: 'stop',
    });
    const failed = random() < PROVIDER_TROUBLE;
    last = { channelMessageId: `${channel}-${id}-${n + 1}` };
    yield message({
      ...said('agent', turn.agent),
      ...answers,
      ...last,
      ...(failed && { error: 'the provider did not accept the message' }),
    });
    if (!failed) continue;
    yield log('error', 'message.failed', { reason: 'provider_error' });
    yield message(statusOf('failed', last));
  }
  yield message(statusOf('delivered', last));
  if (random() < READ_SHARE) yield message(statusOf('read', last));
}

function statusOf(status: string, of: object) {
  return { origin: 'agent', type: 'status', subtype: status, ...of, raw: { status } };
}

function said(origin: 'user' | 'agent', text: string) {
  return { origin, type: 'content', subtype: 'text', text, raw: { kind: 'text', body: text } };
}

/** How much is written in each hour of a working day, from midnight. */
const HOURS = [
  2, 1, 1, 1, 1, 2, 5, 12, 24, 34, 38, 36, 30, 33, 37, 36, 33, 29, 24, 20, 17, 13, 8, 4,
];
const WEEKEND: Readonly<Record<string, number>> = { Sat: 0.35, Sun: 0.25 };

/**
 * @param start milliseconds since 1970
 * @param end also
 * @returns the time by which a share of all conversations has begun, from 0 to 1
 */
function rhythm(start: number, end: number): (share: number) => number {
  const hours: { readonly from: number; readonly to: number; readonly before: number }[] = [];
  let sum = 0;
  for (let from = start; from < end; ) {
    const to = Math.min(end, (Math.floor(from / HOUR_MS) + 1) * HOUR_MS);
    hours.push({ from, to, before: sum });
    sum += (weightAt(from) * (to - from)) / HOUR_MS;
    from = to;
  }
  let at = 0;
  let asked = 0;
  return (share) => {
    const wanted = share * sum;
    // Shares are mostly asked for in their order.
    if (wanted < asked) at = 0;
    asked = wanted;
    while ((hours[at + 1]?.before ?? Number.POSITIVE_INFINITY) <= wanted) at += 1;
    const { from, to, before } = hours[at] ?? { from: start, to: start, before: 0 };
    return Math.min(to, from + ((wanted - before) / weightAt(from)) * HOUR_MS);
  };
}

const CLOCK = new Intl.DateTimeFormat('en-US', {
  timeZone: TIME_ZONE,
  weekday: 'short',
  hour: 'numeric',
  hourCycle: 'h23',
});

function weightAt(time: number): number {
  const parts = new Map(CLOCK.formatToParts(time).map(({ type, value }) => [type, value]));
  const share = WEEKEND[parts.get('weekday') ?? ''] ?? 1;
  return share * (HOURS[Number(parts.get('hour'))] ?? 1);
}

const FIRST_NUMBER = 100;

/** The user of a number, from 0. Those of `webchat` are visitors, all others have phone numbers. */
export function demoUser(user: number): ChannelUser {
  const channel = CHANNELS[user % CHANNELS.length] ?? 'webchat';
  if (channel === 'webchat') return { channel, userId: visitor(user) };
  const line = ((FIRST_NUMBER + user) % 10_000).toString().padStart(4, '0');
  return { channel, userId: `${channel === 'whatsapp' ? '' : '+'}1415555${line}` };
}

function visitor(user: number): string {
  return `visitor-${user.toString(36).padStart(5, '0')}`;
}

/** A generator of numbers from 0 to 1 (mulberry32); the same seed gives the same numbers. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

import type { ChannelUser } from '../domain/channel-users.ts';

/** Parameters of a generated stream of traffic. */
export interface DemoTraffic {
  readonly agentId: string;
  /** About how many messages: the last conversation is completed. */
  readonly messages: number;
  readonly users: number;
  readonly days: number;
  /** The versions of the agent that answer, one after the other. */
  readonly versions?: readonly number[];
  /** The end of the stream, in milliseconds since 1970. */
  readonly until: number;
  /** The same seed gives the same stream; streams of different seeds share no ids. */
  readonly seed: number;
}

interface Turn {
  readonly user: string;
  readonly agent: string;
}

const SCRIPTS: readonly (readonly Turn[])[] = [
  [
    { user: 'Hi, do you ship to Canada?', agent: 'We do! It takes 4 to 6 business days.' },
    { user: 'How much is it?', agent: 'Shipping is free from $75, and $9 below that.' },
    { user: 'Great, thanks', agent: 'My pleasure. Anything else I can help with?' },
  ],
  [
    { user: 'I would like to see a demo', agent: 'Happy to set one up. What does your team do?' },
    { user: 'We run support for a chain of clinics', agent: 'How many people would use it?' },
    { user: 'About 40', agent: 'Then our Team plan fits. Shall I find you a time this week?' },
    { user: 'Thursday afternoon?', agent: 'Thursday at 2 pm is free. Which e-mail may I invite?' },
    {
      user: 'dana@brightclinics.example',
      agent: 'Done: you will have the invitation in a minute.',
    },
  ],
  [
    { user: 'My order has not arrived', agent: 'I am sorry to hear that. What is its number?' },
    { user: '#10482', agent: 'It left our warehouse on Monday and should reach you tomorrow.' },
  ],
  [
    { user: 'What does the Pro plan cost?', agent: 'It is $49 per seat and month, billed yearly.' },
    {
      user: 'Is there a discount for non-profits?',
      agent: 'Yes, 30 %. Shall I start the request?',
    },
    { user: 'Yes please', agent: 'Started. A colleague will confirm it by e-mail today.' },
  ],
  [{ user: 'Can I talk to a human?', agent: 'Of course. You reach the team at +1 415 555 0132.' }],
];
const CHANNELS = ['webchat', 'rcs', 'whatsapp', 'sms'] as const;
const EMULATED = ['rcs', 'amb', 'whatsapp', 'sms'] as const;
const DAY_MS = 24 * 60 * 60 * 1_000;
const MESSAGES_PER_SESSION = 7;
const PROVIDER_TROUBLE = 0.02;
const TEST_SHARE = 0.03;

/** Yields conversations, oldest first, as entries to ingest: messages and log entries. */
export function* demoTraffic(options: DemoTraffic): Generator<object> {
  const random = numbers(options.seed);
  const { agentId, messages, users, days, until, versions = [] } = options;
  const sessions = Math.max(1, Math.ceil(messages / MESSAGES_PER_SESSION));
  const start = until - days * DAY_MS;
  let generated = 0;
  for (let session = 0; generated < messages; session += 1) {
    const place = Math.min(0.999, (session + random()) / sessions);
    // At least half an hour before the end, so that the whole conversation is in the past.
    const at = start + place * (until - start - DAY_MS / 48);
    const version = versions[Math.floor(place * versions.length)];
    for (const entry of conversation(options, { session, at, users, agentId, version }, random)) {
      if ('messageId' in entry) generated += 1;
      yield entry;
    }
  }
}

interface Session {
  readonly session: number;
  readonly at: number;
  readonly users: number;
  readonly agentId: string;
  readonly version: number | undefined;
}

function* conversation(
  { seed }: DemoTraffic,
  { session, at, users, agentId, version }: Session,
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
  for (const turn of pick(SCRIPTS)) {
    yield message(said('user', turn.user));
    yield log('info', 'llm.call', {
      model: 'large-2',
      purpose: 'reply',
      inputTokens: Math.floor(600 + random() * 2_000),
      outputTokens: Math.floor(20 + random() * 120),
      durationMs: Math.floor(400 + random() * 2_500),
      finishReason: 'stop',
    });
    const failed = random() < PROVIDER_TROUBLE;
    yield message({
      ...said('agent', turn.agent),
      ...answers,
      ...(failed && { error: 'the provider did not accept the message' }),
    });
    if (failed) yield log('error', 'message.failed', { reason: 'provider timeout' });
  }
  yield message({
    origin: 'agent',
    type: 'status',
    subtype: 'delivered',
    raw: { status: 'delivered' },
  });
}

function said(origin: 'user' | 'agent', text: string) {
  return { origin, type: 'content', subtype: 'text', text, raw: { kind: 'text', body: text } };
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

import { ownerKey } from '../agents/collection.ts';
import type { AgentService } from '../agents/service.ts';
import type { Effects } from '../domain/effects.ts';
import { invalid } from '../domain/errors.ts';
import type { LogLevel, MessageType, Origin } from '../domain/traffic.ts';
import { batched } from '../paging/batched.ts';
import type { PageLimits, PageRequest, Pager, Scan, TokenPage, Walker } from '../paging/pager.ts';
import type { Doc } from '../store/port.ts';
import {
  type ConversationDoc,
  LIVE_OR_TEST,
  type LogDoc,
  type MessageDoc,
  type Owner,
  type TrafficCollections,
  type TrafficWalkers,
  type UserDoc,
} from './collections.ts';
import { purgeTraffic } from './purge.ts';

/** When; ISO-8601 with milliseconds, UTC. */
export interface TimeQuery extends PageRequest {
  /** Inclusive; 24 hours before `end`, or before now. */
  readonly start?: string | null | undefined;
  /** Exclusive; unbounded when left out. */
  readonly end?: string | null | undefined;
}

export interface MessageQuery extends TimeQuery {
  readonly userId?: string | null | undefined;
  readonly sessionId?: string | null | undefined;
  readonly origin?: Origin | null | undefined;
  readonly type?: MessageType | null | undefined;
  readonly includeTest?: boolean | null | undefined;
}

export interface ConversationQuery extends TimeQuery {
  readonly userId?: string | null | undefined;
  readonly includeTest?: boolean | null | undefined;
}

export interface UserQuery extends TimeQuery {
  readonly includeTest?: boolean | null | undefined;
}

export interface LogQuery extends TimeQuery {
  readonly userId?: string | null | undefined;
  readonly sessionId?: string | null | undefined;
  readonly level?: LogLevel | null | undefined;
  readonly event?: string | null | undefined;
}

export const TRAFFIC_LIMITS: PageLimits = { default: 200, max: 1_000 };
const DAY_MS = 24 * 60 * 60 * 1_000;

type Fields = readonly string[] | undefined;

/** The read-only window into an agent's traffic, newest first. */
export class TrafficService {
  readonly collections: TrafficCollections;
  readonly #pager: Pager;
  readonly #effects: Effects;

  constructor(
    collections: TrafficCollections,
    agents: AgentService,
    pager: Pager,
    effects: Effects,
  ) {
    this.collections = collections;
    this.#pager = pager;
    this.#effects = effects;
    agents.purgeWith((agent, signal) => purgeTraffic(collections, ownerKey(agent), signal));
  }

  /** What the lists below read by, for one request: walks of one collection that come together are one read. */
  batched(): TrafficWalkers {
    const { messages, conversations, users, logs } = this.collections;
    return {
      messages: batched(messages),
      conversations: batched(conversations),
      users: batched(users),
      logs: batched(logs),
    };
  }

  /** @throws DomainError `request.invalid`, `request.page_token`; so do all below */
  messages(
    owner: Owner,
    query: MessageQuery,
    fields?: Fields,
    walkers: TrafficWalkers = this.collections,
  ): Promise<TokenPage<MessageDoc>> {
    const { userId, sessionId, origin, type, includeTest } = query;
    const hangsOn = ownerKey(owner);
    const walk =
      sessionId != null
        ? { index: 'bySession', eq: [hangsOn, sessionId] }
        : userId != null
          ? { index: 'byUser', eq: [hangsOn, userId] }
          : byTime(hangsOn, includeTest);
    return this.#page(walkers.messages, 'messages', query, {
      walks: [{ ...walk, reverse: true }],
      fields: fields && ['userId', 'origin', 'type', 'test', ...fields],
      keep: sieve<MessageDoc>(
        sessionId != null && userId != null && ((doc) => doc.userId === userId),
        walk.index !== 'byTime' && !includeTest && ((doc) => !doc.test),
        origin != null && ((doc) => doc.origin === origin),
        type != null && ((doc) => doc.type === type),
      ),
    });
  }

  /** A conversation is of the time of its last message. */
  conversations(
    owner: Owner,
    query: ConversationQuery,
    fields?: Fields,
    walkers: TrafficWalkers = this.collections,
  ): Promise<TokenPage<ConversationDoc>> {
    const { userId, includeTest } = query;
    const hangsOn = ownerKey(owner);
    const walk =
      userId != null ? { index: 'byUser', eq: [hangsOn, userId] } : byTime(hangsOn, includeTest);
    return this.#page(walkers.conversations, 'conversations', query, {
      walks: [{ ...walk, reverse: true }],
      fields: fields && [...SUMMARY, 'sessionId', ...fields],
      keep: sieve<ConversationDoc>(userId != null && !includeTest && ((doc) => !doc.test)),
    });
  }

  /** A user is of the time of the last message. */
  users(
    owner: Owner,
    query: UserQuery,
    fields?: Fields,
    walkers: TrafficWalkers = this.collections,
  ): Promise<TokenPage<UserDoc>> {
    const walk = byTime(ownerKey(owner), query.includeTest);
    return this.#page(walkers.users, 'users', query, {
      walks: [{ ...walk, reverse: true }],
      fields: fields && [...SUMMARY, ...fields],
    });
  }

  logs(
    owner: Owner,
    query: LogQuery,
    fields?: Fields,
    walkers: TrafficWalkers = this.collections,
  ): Promise<TokenPage<LogDoc>> {
    const { userId, sessionId, level, event } = query;
    const walk = logWalk(ownerKey(owner), query);
    return this.#page(walkers.logs, 'logs', query, {
      walks: [{ ...walk, reverse: true }],
      fields: fields && ['userId', 'sessionId', 'level', 'event', ...fields],
      keep: sieve<LogDoc>(
        walk.index !== 'bySession' && sessionId != null && ((doc) => doc.sessionId === sessionId),
        walk.index !== 'byUser' && userId != null && ((doc) => doc.userId === userId),
        walk.index !== 'byEvent' && event != null && ((doc) => doc.event === event),
        walk.index !== 'byLevel' && level != null && ((doc) => doc.level === level),
      ),
    });
  }

  /** The messages of a conversation, oldest first, whenever they were. */
  messagesOf(
    { owner, channel, userId, sessionId, test }: ConversationDoc,
    page: PageRequest,
    fields?: Fields,
    walkers: TrafficWalkers = this.collections,
  ): Promise<TokenPage<MessageDoc>> {
    const scan: Scan<MessageDoc> = {
      walks: [{ index: 'bySession', eq: [owner, sessionId] }],
      fields: fields && ['userId', 'channel', 'test', ...fields],
      keep: (doc) => doc.userId === userId && doc.channel === channel && doc.test === test,
    };
    const name = JSON.stringify(['messagesOf', channel, userId, test]);
    return this.#pager.scan(walkers.messages, name, scan, page);
  }

  /** The conversations of a user, newest first, whenever they were. */
  conversationsOf(
    { owner, channel, userId, test }: UserDoc,
    page: PageRequest,
    fields?: Fields,
    walkers: TrafficWalkers = this.collections,
  ): Promise<TokenPage<ConversationDoc>> {
    const scan: Scan<ConversationDoc> = {
      walks: [{ index: 'byUser', eq: [owner, userId], reverse: true }],
      fields: fields && [...SUMMARY, 'sessionId', ...fields],
      keep: (doc) => doc.channel === channel && doc.test === test,
    };
    const name = JSON.stringify(['conversationsOf', channel, test]);
    return this.#pager.scan(walkers.conversations, name, scan, page);
  }

  #page<D extends Doc>(
    collection: Walker<D>,
    name: string,
    { first, after, ...filters }: TimeQuery,
    scan: Scan<D>,
  ): Promise<TokenPage<D>> {
    const { start, end } = filters;
    if (start != null && end != null && start > end) {
      throw invalid([{ path: 'start', message: 'must not be after the end' }]);
    }
    const from = start ?? new Date(dayBefore(end, this.#effects.now())).toISOString();
    const range = { from, ...(end != null && { before: end }) };
    // What a filter leaves out is what it says when it is null.
    const asked = JSON.stringify([
      name,
      Object.entries(filters)
        .filter(([, it]) => it != null)
        .sort(),
    ]);
    return this.#pager.scan(
      collection,
      asked,
      { ...scan, range },
      { first, after },
      TRAFFIC_LIMITS,
    );
  }
}

/** What the edges of a summary need of it, whatever is selected. */
const SUMMARY = ['owner', 'userId', 'channel', 'test'];

function dayBefore(end: string | null | undefined, now: Date): number {
  return Math.max(0, (end == null ? now.getTime() : Date.parse(end)) - DAY_MS);
}

function byTime(owner: string, includeTest: boolean | null | undefined) {
  return { index: 'byTime', eq: [owner, includeTest ? LIVE_OR_TEST : true] };
}

function logWalk(owner: string, { sessionId, userId, event, level }: LogQuery) {
  if (sessionId != null) return { index: 'bySession', eq: [owner, sessionId] };
  if (userId != null) return { index: 'byUser', eq: [owner, userId] };
  if (event != null) return { index: 'byEvent', eq: [owner, event] };
  if (level != null) return { index: 'byLevel', eq: [owner, level] };
  return { index: 'byTime', eq: [owner] };
}

/** What passes every test that is one; undefined when none is. */
function sieve<D>(...tests: (false | ((doc: D) => boolean))[]): Scan<D>['keep'] {
  const real = tests.filter((test) => test !== false);
  return real.length > 0 ? (doc) => real.every((test) => test(doc)) : undefined;
}

import { ownerKey } from '../agents/collection.ts';
import type { AgentService } from '../agents/service.ts';
import type { ChannelUser } from '../domain/channel-users.ts';
import type { Effects } from '../domain/effects.ts';
import { DomainError, invalid } from '../domain/errors.ts';
import type {
  LogLevel,
  MessageType,
  Origin,
  TrafficHour,
  VersionUsage,
} from '../domain/traffic.ts';
import { batched } from '../paging/batched.ts';
import {
  assertLimit,
  type PagedQuery,
  type PageLimits,
  type PageRequest,
  type Pager,
  type Scanner,
  type TokenPage,
} from '../paging/pager.ts';
import type { Doc } from '../store/port.ts';
import type { Work } from '../work.ts';
import {
  type ConversationDoc,
  LIVE_OR_TEST,
  type LogDoc,
  type MessageDoc,
  type TrafficCollections,
  type TrafficOwner,
  type TrafficScanners,
  type UserDoc,
  userName,
} from './collections.ts';
import { hoursSince } from './hours.ts';
import { purgeTraffic } from './purge.ts';
import { newestUsage } from './version-usage.ts';

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
  readonly channel?: string | null | undefined;
  readonly userId?: string | null | undefined;
  readonly includeTest?: boolean | null | undefined;
}

/** Without `start` and `end`: whenever they were. */
export interface UsersConversationsQuery extends TimeQuery {
  readonly channel?: string | null | undefined;
  readonly includeTest?: boolean | null | undefined;
}

export interface ThreadQuery extends PageRequest {
  readonly newestFirst?: boolean | null | undefined;
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
/** Of versions. */
export const USAGE_LIMITS: PageLimits = { default: 20, max: 100 };
/** Of days whose hours are read. */
export const HOURS_LIMITS: PageLimits = { default: 7, max: 14 };
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
    agents.purgeWith((_, agent, purge) => purgeTraffic(purge, collections, ownerKey(agent)));
  }

  /** What the lists below read by, for one request: scans of one collection that come together are one read. */
  batched(work: Work): TrafficScanners {
    const { messages, conversations, users, logs, versionUses, trafficHours } = this.collections;
    return {
      messages: batched(work, messages),
      conversations: batched(work, conversations),
      users: batched(work, users),
      logs: batched(work, logs),
      versionUses: batched(work, versionUses),
      trafficHours: batched(work, trafficHours),
    };
  }

  /** @throws DomainError `request.invalid`, `request.page_token`; so do all below */
  messages(
    work: Work,
    owner: TrafficOwner,
    query: MessageQuery,
    fields?: Fields,
    scanners: TrafficScanners = this.collections,
  ): Promise<TokenPage<MessageDoc>> {
    const { userId, sessionId, origin, type, includeTest } = query;
    const hangsOn = ownerKey(owner);
    const scan =
      sessionId != null
        ? { index: 'bySession', eq: [hangsOn, sessionId] }
        : userId != null
          ? { index: 'byUser', eq: [hangsOn, userId] }
          : byTime(hangsOn, includeTest);
    return this.#page(work, scanners.messages, 'messages', query, {
      scans: [{ ...scan, reverse: true }],
      fields: fields && ['userId', 'origin', 'type', 'test', ...fields],
      keep: sieve<MessageDoc>(
        sessionId != null && userId != null && ((doc) => doc.userId === userId),
        scan.index !== 'byTime' && !includeTest && ((doc) => !doc.test),
        origin != null && ((doc) => doc.origin === origin),
        type != null && ((doc) => doc.type === type),
      ),
    });
  }

  /** A conversation is of the time of its last message. */
  conversations(
    work: Work,
    owner: TrafficOwner,
    query: ConversationQuery,
    fields?: Fields,
    scanners: TrafficScanners = this.collections,
  ): Promise<TokenPage<ConversationDoc>> {
    const { userId, channel, includeTest } = query;
    const of = [ownerKey(owner), includeTest ? LIVE_OR_TEST : true];
    const scan =
      channel == null
        ? userId == null
          ? { index: 'byTime', eq: of }
          : { index: 'byUserId', eq: [...of, userId] }
        : userId == null
          ? { index: 'byChannel', eq: [...of, channel] }
          : { index: 'byChannelUser', eq: [...of, userName({ channel, userId })] };
    return this.#page(work, scanners.conversations, 'conversations', query, {
      scans: [{ ...scan, reverse: true }],
      fields: fields && [...SUMMARY, 'sessionId', ...fields],
    });
  }

  /**
   * The conversation of a session, whenever it was: the live one, or else that of test traffic. Of
   * several with one id, by users or channels, it is the one with the last message.
   *
   * @throws DomainError `conversation.not_found`
   */
  async conversation(
    work: Work,
    owner: TrafficOwner,
    sessionId: string,
    scanners: TrafficScanners = this.collections,
  ): Promise<ConversationDoc> {
    const latest = (live: boolean) =>
      scanners.conversations.scan(work, {
        index: 'bySession',
        eq: [ownerKey(owner), live, sessionId],
        reverse: true,
        limit: 1,
      });
    const [live, test] = await Promise.all(LIVE_OR_TEST.map(latest));
    const found = live?.docs[0] ?? test?.docs[0];
    if (found) return found;
    throw new DomainError('conversation.not_found', `there is no conversation '${sessionId}'`);
  }

  /** A user is of the time of the last message. */
  users(
    work: Work,
    owner: TrafficOwner,
    query: UserQuery,
    fields?: Fields,
    scanners: TrafficScanners = this.collections,
  ): Promise<TokenPage<UserDoc>> {
    const scan = byTime(ownerKey(owner), query.includeTest);
    return this.#page(work, scanners.users, 'users', query, {
      scans: [{ ...scan, reverse: true }],
      fields: fields && [...SUMMARY, ...fields],
    });
  }

  logs(
    work: Work,
    owner: TrafficOwner,
    query: LogQuery,
    fields?: Fields,
    scanners: TrafficScanners = this.collections,
  ): Promise<TokenPage<LogDoc>> {
    const { userId, sessionId, level, event } = query;
    const scan = logScan(ownerKey(owner), query);
    return this.#page(work, scanners.logs, 'logs', query, {
      scans: [{ ...scan, reverse: true }],
      fields: fields && ['userId', 'sessionId', 'level', 'event', ...fields],
      keep: sieve<LogDoc>(
        scan.index !== 'bySession' && sessionId != null && ((doc) => doc.sessionId === sessionId),
        scan.index !== 'byUser' && userId != null && ((doc) => doc.userId === userId),
        scan.index !== 'byEvent' && event != null && ((doc) => doc.event === event),
        scan.index !== 'byLevel' && level != null && ((doc) => doc.level === level),
      ),
    });
  }

  /**
   * The usage of the newest versions that messages name, newest first.
   *
   * @throws DomainError `request.invalid` on a limit out of range
   */
  async versionUsage(
    work: Work,
    owner: TrafficOwner,
    first: number | null | undefined,
    { versionUses }: Pick<TrafficScanners, 'versionUses'> = this.collections,
  ): Promise<readonly VersionUsage[]> {
    const limit = first ?? USAGE_LIMITS.default;
    assertLimit(limit, USAGE_LIMITS);
    return newestUsage(work, versionUses, ownerKey(owner), limit);
  }

  /**
   * The hours of the last days that have traffic, oldest first.
   *
   * @throws DomainError `request.invalid` on a number out of range
   */
  async hours(
    work: Work,
    owner: TrafficOwner,
    days: number | null | undefined,
    { trafficHours }: Pick<TrafficScanners, 'trafficHours'> = this.collections,
  ): Promise<readonly TrafficHour[]> {
    const asked = days ?? HOURS_LIMITS.default;
    if (asked < 1 || asked > HOURS_LIMITS.max) {
      throw invalid([{ path: 'days', message: `must be from 1 to ${HOURS_LIMITS.max}` }]);
    }
    const since = new Date(this.#effects.now().getTime() - asked * DAY_MS).toISOString();
    return hoursSince(work, trafficHours, ownerKey(owner), since);
  }

  /** The messages of a conversation, oldest first by default, whenever they were. */
  messagesOf(
    work: Work,
    { owner, channel, userId, sessionId, test }: ConversationDoc,
    { newestFirst, ...page }: ThreadQuery,
    fields?: Fields,
    scanners: TrafficScanners = this.collections,
  ): Promise<TokenPage<MessageDoc>> {
    const scan: PagedQuery<MessageDoc> = {
      scans: [
        { index: 'bySession', eq: [owner, sessionId], ...(newestFirst && { reverse: true }) },
      ],
      fields: fields && ['userId', 'channel', 'test', ...fields],
      keep: (doc) => doc.userId === userId && doc.channel === channel && doc.test === test,
      isReversible: true,
    };
    const name = JSON.stringify(['messagesOf', channel, userId, test]);
    return this.#pager.query(work, scanners.messages, name, scan, page);
  }

  /** The conversations of a user, newest first, whenever they were. */
  conversationsOf(
    work: Work,
    { owner, channel, userId, test }: UserDoc,
    page: PageRequest,
    fields?: Fields,
    scanners: TrafficScanners = this.collections,
  ): Promise<TokenPage<ConversationDoc>> {
    const user = userName({ channel, userId });
    const scan = { index: 'byChannelUser', eq: [owner, !test, user], reverse: true };
    return this.#pager.query(
      work,
      scanners.conversations,
      'conversationsOf',
      { scans: [scan], fields: fields && [...SUMMARY, 'sessionId', ...fields] },
      page,
    );
  }

  /** The conversations of several users, newest first, whenever they were. */
  conversationsOfUsers(
    work: Work,
    owner: string,
    users: readonly ChannelUser[],
    { channel, start, end, includeTest, ...page }: UsersConversationsQuery,
    fields?: Fields,
    scanners: TrafficScanners = this.collections,
  ): Promise<TokenPage<ConversationDoc>> {
    const live = includeTest ? LIVE_OR_TEST : true;
    const names = users.filter((it) => channel == null || it.channel === channel).map(userName);
    const scan = { index: 'byChannelUser', eq: [owner, live, names], reverse: true };
    assertOrder(start, end);
    return this.#pager.query(
      work,
      scanners.conversations,
      'conversationsOfUsers',
      {
        scans: names.length > 0 ? [scan] : [],
        range: { ...(start != null && { from: start }), ...(end != null && { before: end }) },
        fields: fields && [...SUMMARY, 'sessionId', ...fields],
      },
      page,
    );
  }

  #page<D extends Doc>(
    work: Work,
    collection: Scanner<D>,
    name: string,
    { first, after, ...filters }: TimeQuery,
    scan: PagedQuery<D>,
  ): Promise<TokenPage<D>> {
    const { start, end } = filters;
    assertOrder(start, end);
    const from = start ?? new Date(dayBefore(end, this.#effects.now())).toISOString();
    const range = { from, ...(end != null && { before: end }) };
    // What a filter leaves out is what it says when it is null.
    const asked = JSON.stringify([
      name,
      Object.entries(filters)
        .filter(([, it]) => it != null)
        .sort(),
    ]);
    return this.#pager.query(
      work,
      collection,
      asked,
      { ...scan, range },
      { first, after },
      TRAFFIC_LIMITS,
    );
  }
}

/** @throws DomainError `request.invalid` */
function assertOrder(start: string | null | undefined, end: string | null | undefined): void {
  if (start == null || end == null || start <= end) return;
  throw invalid([{ path: 'start', message: 'must not be after the end' }]);
}

/** What the edges of a summary need of it, whatever is selected. */
const SUMMARY = ['owner', 'userId', 'channel', 'test'];

function dayBefore(end: string | null | undefined, now: Date): number {
  return Math.max(0, (end == null ? now.getTime() : Date.parse(end)) - DAY_MS);
}

function byTime(owner: string, includeTest: boolean | null | undefined) {
  return { index: 'byTime', eq: [owner, includeTest ? LIVE_OR_TEST : true] };
}

function logScan(owner: string, { sessionId, userId, event, level }: LogQuery) {
  if (sessionId != null) return { index: 'bySession', eq: [owner, sessionId] };
  if (userId != null) return { index: 'byUser', eq: [owner, userId] };
  if (event != null) return { index: 'byEvent', eq: [owner, event] };
  if (level != null) return { index: 'byLevel', eq: [owner, level] };
  return { index: 'byTime', eq: [owner] };
}

/** What passes every test that is one; undefined when none is. */
function sieve<D>(...tests: (false | ((doc: D) => boolean))[]): PagedQuery<D>['keep'] {
  const real = tests.filter((test) => test !== false);
  return real.length > 0 ? (doc) => real.every((test) => test(doc)) : undefined;
}

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { PREFIX } from '../../rest-compat/router.ts';
import { refusalOf } from '../../schema/errors.ts';
import type { Authenticator } from '../auth/authenticate.ts';
import { DomainError } from '../domain/errors.ts';
import { CpuShares } from '../fairness/cpu-shares.ts';
import { LoopMonitor } from '../fairness/loop-monitor.ts';
import { Shares } from '../fairness/shares.ts';
import { type Answer, jsonAnswer, methodRefusal, refusalAnswer } from '../http/answer.ts';
import { ByteBudget } from '../http/byte-budget.ts';
import { compressed } from '../http/compression.ts';
import { Cors } from '../http/cors.ts';
import { Deadlines } from '../http/deadlines.ts';
import { Exchange, type ExchangeParts } from '../http/exchange.ts';
import { Outgoing } from '../http/outgoing.ts';
import type { RateLimits } from '../http/rate-limits.ts';
import { STATUS } from '../http/status.ts';
import { ENDPOINT } from '../operations/graphql-door.ts';
import type { Pages } from '../pages/pages.ts';
import type { MaybePromise } from '../store/bounds.ts';
import type { Store } from '../store/port.ts';
import type { Tracer } from '../tracing/span.ts';
import { turns, type Work } from '../work.ts';
import type { Ended, EntranceName } from './access-log.ts';
import { Health } from './health.ts';
import { type Logger, noteFailure } from './log.ts';
import type { Load } from './metrics.ts';
import { beginRequestSpan, endRequestSpan } from './request-span.ts';
import type { Settings } from './settings.ts';

export interface HttpParts {
  /** Everything under `/v1`. */
  readonly rest: Entrance;
  /** `/graphql`. */
  readonly graphql: Entrance;
  /** What is served as it is. */
  readonly pages: Pages;
  readonly authenticator: Authenticator;
  readonly store: Pick<Store, 'ping'>;
  /** See `HealthParts`. */
  missingKeys(work: Work): Promise<readonly string[]>;
  readonly settings: Pick<
    Settings,
    | 'requestTimeoutMs'
    | 'maxRequests'
    | 'stopDelayMs'
    | 'maxBytesUnderWay'
    | 'maxAnswerBytes'
    | 'maxLoopDelayMs'
    | 'stalledMs'
    | 'corsOrigins'
    | 'trustedProxies'
  >;
  readonly limits: RateLimits;
  readonly log: Logger;
  /** Undefined where requests are not traced. */
  readonly tracer?: Tracer | undefined;
  /** Called once for each request, when its answer was handed over or its stream ended. */
  onEnd(ended: Ended): void;
}

export interface HttpServer {
  readonly server: Server;
  /** Accepts no new requests and finishes those under way, which must be done by `withinMs`. */
  stop(withinMs: number): Promise<void>;
  /** What the requests under way hold. */
  load(): Load;
}

/** One of the ways in: answers its requests, and refuses in its own form. */
export interface Entrance {
  readonly name: EntranceName;
  /** Undefined when the answer was sent already. */
  handle(exchange: Exchange): MaybePromise<Answer | undefined>;
  refuse(error: DomainError, requestId: string): Answer;
}

const READING = ['GET', 'HEAD'];
const READING_AND_POST = [...READING, 'POST'];

/** What a caller may name a request. */
const REQUEST_ID = /^[\w.:/+=-]{1,128}$/;
const BODY_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
/**
 * Longer than the 60 s that proxies keep unused connections: one that the server closed first may
 * get a request that is then lost.
 */
const KEEP_ALIVE_MS = 65_000;

/** The HTTP server: finds who answers a path, and answers what nobody else could. */
export function createHttpServer(parts: HttpParts): HttpServer {
  const { log, settings, rest, graphql, pages, tracer } = parts;
  const cors = new Cors(settings.corsOrigins);
  const cpu = new CpuShares();
  const loop = new LoopMonitor(settings.maxLoopDelayMs);
  loop.start();
  const stopMeasuring = turns.measure((caller, ms) => cpu.note(caller, ms, performance.now()));
  const shared: ExchangeParts = {
    authenticator: parts.authenticator,
    deadlines: new Deadlines(),
    requests: new Shares(settings.maxRequests, 'requests'),
    cpu,
    loop,
    bodies: new ByteBudget(settings.maxBytesUnderWay, 'request bodies'),
    outgoing: new Outgoing({
      unsent: new ByteBudget(settings.maxBytesUnderWay, 'unread answers'),
      maxAnswerBytes: settings.maxAnswerBytes,
      stalledMs: settings.stalledMs,
    }),
    requestTimeoutMs: settings.requestTimeoutMs,
    limits: parts.limits,
    trustedProxies: settings.trustedProxies,
  };
  const { outgoing, requests, bodies } = shared;
  let stopping = false;
  const readiness = new Health({
    store: parts.store,
    missingKeys: parts.missingKeys,
    loop,
    full: { requests, bodies, outgoing },
    deadlines: shared.deadlines,
    isStopping: () => stopping,
  });

  const files: Entrance = {
    name: 'page',
    handle: ({ request }) => pages.answer(pathOf(request), request),
    refuse: (error, requestId) => refusalAnswer(requestId, error),
  };
  const nowhere: Entrance = {
    ...files,
    handle({ request }) {
      throw new DomainError('route.not_found', `there is nothing at ${pathOf(request)}`);
    },
  };
  const health: Entrance = {
    ...files,
    name: 'health',
    handle: ({ request }) =>
      pathOf(request) === '/livez' ? jsonAnswer(200, { status: 'live' }) : readiness.ready(),
  };

  function entranceOf(path: string, request: IncomingMessage): Entrance {
    if (path.startsWith(`${PREFIX}/`)) return pages.has(path) ? files : rest;
    if (path === ENDPOINT) return pages.wantsGraphiql(request) ? files : graphql;
    if (path === '/livez' || path === '/readyz') return health;
    return pages.has(path) ? files : nowhere;
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const requestId = requestIdOf(request);
    if (stopping) response.setHeader('Connection', 'close');
    cors.open(request, response);
    const path = pathOf(request);
    const exchange = new Exchange(shared, request, response, requestId);
    let ended = false;
    let entrance = nowhere;
    const end = (status: number, bytes?: number) => {
      if (ended) return;
      ended = true;
      const ms = performance.now() - exchange.notes.startedAt;
      const how = { exchange, entrance: entrance.name, status, bytes, ms };
      if (exchange.span) endRequestSpan(exchange.span, how);
      parts.onEnd(how);
    };
    const send = (made: Answer) => {
      const bytes = outgoing.send(response, requestId, made, exchange.limitHeaders);
      end(made.status, bytes);
    };
    const preflight = cors.preflight(request);
    if (preflight) {
      send(preflight);
      return;
    }
    const accepted = methodsOf(path, pages);
    if (accepted && !accepted.includes(request.method ?? '')) {
      send(methodRefusal(requestId, accepted));
      return;
    }
    entrance = entranceOf(path, request);
    // Probes ask every few seconds.
    if (tracer && entrance !== health) {
      exchange.span = beginRequestSpan(tracer, request, requestId);
    }
    const fail = (error: unknown) => {
      exchange.end();
      // What was abandoned at the deadline fails after it, while the refusal waits to be sent.
      if (ended) return;
      const refused = refusalOf(error, (it) => noteFailure(log)(it, requestId));
      exchange.notes.code = refused.code;
      if (!response.headersSent && !response.destroyed) {
        send(entrance.refuse(refused, requestId));
        return;
      }
      end(response.headersSent ? response.statusCode : STATUS[refused.code]);
      response.destroy();
    };
    const done = (made: Answer | undefined) => {
      exchange.end();
      if (made === undefined) {
        whenClosed(response, () => end(response.statusCode));
        return;
      }
      if (response.headersSent || response.destroyed) {
        end(STATUS['request.abandoned']);
        return;
      }
      outgoing.assertRoomFor(made);
      const sent = compressed(request, made);
      if (sent instanceof Promise) sent.then(send).catch(fail);
      else send(sent);
    };
    exchange.onLate = fail;
    try {
      const made = entrance.handle(exchange);
      if (made instanceof Promise) made.then(done).catch(fail);
      else done(made);
    } catch (error) {
      fail(error);
    }
  }

  const server = createServer(
    {
      requestTimeout: BODY_TIMEOUT_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    answer,
  );
  return {
    server,
    load: () => ({
      requests: requests.total,
      bodyBytes: bodies.used,
      unreadBytes: outgoing.unsentBytes,
    }),
    async stop(withinMs) {
      stopping = true;
      // A client that uses an open connection meanwhile is answered, and its connection is closed.
      await sleep(settings.stopDelayMs);
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), withinMs);
      await closed;
      clearTimeout(cut);
      loop.stop();
      stopMeasuring();
    },
  };
}

/** The methods of a path beside the documented ones. */
function methodsOf(path: string, pages: Pages): readonly string[] | undefined {
  if (path === ENDPOINT) return READING_AND_POST;
  return path === '/livez' || path === '/readyz' || pages.has(path) ? READING : undefined;
}

/** Calls back when the response has ended or its connection was closed. */
function whenClosed(response: ServerResponse, done: () => void): void {
  if (response.closed) done();
  else response.once('close', done);
}

function pathOf({ url = '' }: IncomingMessage): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

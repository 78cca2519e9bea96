import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { PREFIX, type Router } from '../../rest-compat/router.ts';
import { refusalOf } from '../../schema/errors.ts';
import { type AuthStrategy, authenticate } from '../auth/authenticate.ts';
import { DomainError } from '../domain/errors.ts';
import { refuseMethod, sendJson, sendRefusal } from '../http/answer.ts';
import { orAbandoned } from '../store/bounds.ts';
import type { Store } from '../store/port.ts';
import { OpenWork, type Work } from '../work.ts';
import type { Docs } from './docs.ts';
import { ENDPOINT, type Gateway } from './graphql.ts';
import { type Logger, noteFailure } from './log.ts';
import type { Settings } from './settings.ts';

export interface HttpParts {
  readonly router: Router;
  readonly gateway: Gateway;
  readonly docs: Docs;
  readonly strategies: readonly AuthStrategy[];
  readonly store: Store;
  readonly settings: Pick<Settings, 'requestTimeoutMs' | 'maxRequests' | 'stopDelayMs'>;
  readonly log: Logger;
}

export interface HttpServer {
  readonly server: Server;
  /** Takes no new requests and finishes those under way, which must be done by `withinMs`. */
  stop(withinMs: number): Promise<void>;
}

const READING = ['GET', 'HEAD'];

/** What a caller may name a request. */
const REQUEST_ID = /^[\w.:/+=-]{1,128}$/;
const BODY_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
const READY_TIMEOUT_MS = 2_000;

/** The HTTP server: finds who answers a path, and answers what nobody else could. */
export function createHttpServer(parts: HttpParts): HttpServer {
  const { log, settings } = parts;
  const methods = methodsBeside(parts.docs);
  let underWay = 0;
  let stopping = false;

  async function answer(request: IncomingMessage, response: ServerResponse, requestId: string) {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const taken = methods.get(path);
    if (taken && !taken.includes(request.method ?? '')) {
      return refuseMethod(response, requestId, taken);
    }
    if (path === '/livez') return sendJson(response, 200, { status: 'live' });
    if (path === '/readyz') {
      if (stopping) throw new DomainError('server.busy', 'the server is stopping');
      await orAbandoned(workOf(response, READY_TIMEOUT_MS, silent), parts.store.ping());
      return sendJson(response, 200, { status: 'ready' });
    }
    if (underWay >= settings.maxRequests) {
      throw new DomainError('server.busy', 'too many requests are under way; try again shortly');
    }
    underWay += 1;
    response.once('close', () => {
      underWay -= 1;
    });
    const timeoutMs = settings.requestTimeoutMs;
    const work = workOf(response, timeoutMs, () => timedOut(timeoutMs));
    await orAbandoned(work, dispatch(parts, path, request, response, requestId, work));
  }

  const server = createServer(
    { requestTimeout: BODY_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS },
    (request, response) => {
      const requestId = requestIdOf(request);
      response.setHeader('X-Request-Id', requestId);
      if (stopping) response.setHeader('Connection', 'close');
      answer(request, response, requestId).catch((error: unknown) => {
        const refused = refusalOf(error, noteFailure(log));
        if (response.headersSent || response.destroyed) response.destroy();
        else sendRefusal(response, requestId, refused);
      });
    },
  );
  return {
    server,
    async stop(withinMs) {
      stopping = true;
      // A client that uses an open connection meanwhile is answered, and told that it ends.
      await sleep(settings.stopDelayMs);
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), withinMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

/** What the paths beside the documented ones take. */
function methodsBeside(docs: Docs): ReadonlyMap<string, readonly string[]> {
  const read = ['/livez', '/readyz', ...docs.paths()].map((path) => [path, READING] as const);
  return new Map([...read, [ENDPOINT, [...READING, 'POST']]]);
}

/** A request's work is bounded by its deadline, and ends when nobody waits for the answer. */
function workOf(response: ServerResponse, timeoutMs: number, late: () => DomainError): OpenWork {
  const work = new OpenWork({ deadline: performance.now() + timeoutMs });
  const deadline = setTimeout(() => {
    // What streams has no deadline.
    if (!response.headersSent) work.end(late());
  }, timeoutMs);
  response.once('close', () => {
    clearTimeout(deadline);
    if (response.writableFinished) return;
    work.end(new DomainError('request.abandoned', 'the client hung up'));
  });
  return work;
}

function timedOut(timeoutMs: number): DomainError {
  return new DomainError(
    'request.timeout',
    `there was no answer within ${timeoutMs} ms; a write may have been done all the same`,
  );
}

function silent(): DomainError {
  return new DomainError('store.unavailable', 'the store does not answer');
}

async function dispatch(
  { router, gateway, docs, strategies }: HttpParts,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  work: OpenWork,
): Promise<void> {
  if (docs.has(path)) return docs.handle(path, request, response);
  const identify = (call: Work) => authenticate(call, strategies, request.headers.authorization);
  if (path.startsWith(`${PREFIX}/`)) {
    return router.handle(request, response, requestId, identify, work);
  }
  if (path === ENDPOINT) return gateway.handle(request, response, requestId, identify, work);
  throw new DomainError('route.not_found', `there is nothing at ${path}`);
}

function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { sendJson, sendRefusal } from '../../rest-compat/answer.ts';
import { PREFIX, type Router } from '../../rest-compat/router.ts';
import { refusalOf } from '../../schema/errors.ts';
import { type AuthStrategy, authenticate } from '../auth/authenticate.ts';
import { DomainError } from '../domain/errors.ts';
import type { Store } from '../store/port.ts';
import { ENDPOINT, type Gateway } from './graphql.ts';
import { type Logger, noteBug } from './log.ts';

export interface HttpParts {
  readonly router: Router;
  readonly gateway: Gateway;
  readonly strategies: readonly AuthStrategy[];
  readonly store: Store;
  readonly log: Logger;
}

/** What a caller may name a request. */
const REQUEST_ID = /^[\w.:/+=-]{1,128}$/;
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;

/** The HTTP server: finds who answers a path, and answers what nobody else could. */
export function createHttpServer(parts: HttpParts): Server {
  const { log } = parts;
  return createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS },
    (request, response) => {
      const requestId = requestIdOf(request);
      response.setHeader('X-Request-Id', requestId);
      dispatch(parts, request, response, requestId).catch((error: unknown) => {
        const refused = refusalOf(error, noteBug(log));
        if (response.headersSent) response.destroy();
        else sendRefusal(response, requestId, refused);
      });
    },
  );
}

async function dispatch(
  { router, gateway, strategies, store }: HttpParts,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<void> {
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  const identify = () => authenticate(strategies, request.headers.authorization);
  if (path.startsWith(`${PREFIX}/`)) return router.handle(request, response, requestId, identify);
  if (path === ENDPOINT) return gateway.handle(request, response, requestId, identify);
  if (path === '/livez') return sendJson(response, 200, { status: 'live' });
  if (path === '/readyz') {
    await store.ping();
    return sendJson(response, 200, { status: 'ready' });
  }
  throw new DomainError('route.not_found', `there is nothing at ${path}`);
}

function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

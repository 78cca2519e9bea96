import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
/** The headers that a page may send beside those that every page may. */
const ACCEPTED =
  'Authorization, Content-Type, If-Match, If-None-Match, X-Request-Id, X-Change-Message, Idempotency-Key';
/** The headers that a page may read beside those that every page may. */
const EXPOSED =
  'ETag, Location, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id, Idempotency-Replayed';
/** Two hours. Chromium keeps a preflight's answer no longer. */
const MAX_AGE_SECONDS = '7200';

/**
 * Lets pages of other origins call the API and read its answers (the Fetch standard, CORS). Never
 * with credentials: who asks is in the `Authorization` header, and cookies are not used.
 */
export class Cors {
  readonly #origins: ReadonlySet<string>;

  /** @param origins as browsers send them; without any, nothing is added to any answer */
  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins);
  }

  /** Adds what the page needs to read the answer, whatever the answer is. */
  open(request: IncomingMessage, response: ServerResponse): void {
    if (this.#origins.size === 0) return;
    response.setHeader('Vary', 'Origin');
    const origin = this.#allowed(request);
    if (origin === undefined) return;
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Access-Control-Expose-Headers', EXPOSED);
  }

  /** The answer to a browser that asks before it sends a request; undefined for other requests. */
  preflight(request: IncomingMessage): Answer | undefined {
    if (request.method !== 'OPTIONS' || this.#allowed(request) === undefined) return undefined;
    if (request.headers['access-control-request-method'] === undefined) return undefined;
    return {
      status: 204,
      headers: {
        'Access-Control-Allow-Methods': METHODS,
        'Access-Control-Allow-Headers': ACCEPTED,
        'Access-Control-Max-Age': MAX_AGE_SECONDS,
      },
    };
  }

  #allowed({ headers: { origin } }: IncomingMessage): string | undefined {
    return origin !== undefined && this.#origins.has(origin) ? origin : undefined;
  }
}

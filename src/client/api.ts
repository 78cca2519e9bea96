import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { packageVersion } from '../package/package.ts';
import { DOCUMENTS, type DocumentName } from './documents.ts';
import { ServerError, Unreachable } from './failure.ts';

/** Where requests are sent, and with which token. */
export interface Endpoint {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string;
}

interface RequestParts {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

interface GraphQLFailure {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Longer than a server's own deadline. */
const MAX_WAIT_MS = 120_000;
/** Between attempts. */
const PAUSES_MS = [500, 1_500, 4_000];

/** Whether the same request may succeed when it is sent again. */
export function isPassing(error: unknown): error is Error {
  if (error instanceof Unreachable) return true;
  if (!(error instanceof ServerError)) return false;
  // In flight: an earlier attempt, whose answer was lost, has not ended yet.
  return error.status >= 500 || error.status === 429 || error.code === 'idempotency.in_flight';
}

/** The API over HTTP. */
export class Api {
  readonly url: string;
  readonly #token: string;

  constructor({ url, token }: Endpoint) {
    this.url = url;
    this.#token = token;
  }

  /**
   * Sends a request.
   *
   * @returns the answer, whose status is below 400
   * @throws Unreachable, ServerError
   */
  async send(method: string, path: string, parts: RequestParts = {}): Promise<Response> {
    const response = await this.#fetch(method, path, parts);
    if (response.status < 400) return response;
    const body = objectIn(await this.#read(response));
    // GraphQL lists its errors, REST answers with one.
    const [error] = errorsIn(body);
    if (error) throw errorOf(error, response);
    throw new ServerError(response.status, response.headers.get('x-request-id'), body);
  }

  /**
   * Executes a query. It is sent again a few times if the server is busy.
   *
   * @param tolerated the codes of errors that leave `null` in the data and are not thrown
   * @throws Unreachable, ServerError
   */
  async query<T>(
    name: DocumentName,
    variables: Readonly<Record<string, unknown>>,
    tolerated: readonly string[] = [],
  ): Promise<T> {
    return patiently(
      () => this.#graphql<T>(name, variables, {}, tolerated),
      (error) => isPassing(error) && !(error instanceof Unreachable),
    );
  }

  /**
   * Executes a mutation. It is sent again a few times if no answer arrives or the server is busy:
   * the server makes it once.
   *
   * @param message why the change is made
   * @throws Unreachable if the outcome is unknown, ServerError
   */
  async write<T>(
    name: DocumentName,
    variables: Readonly<Record<string, unknown>>,
    message: string | undefined,
  ): Promise<T> {
    const headers = {
      'Idempotency-Key': randomUUID(),
      // Headers are Latin-1 text: the bytes of UTF-8.
      ...(message && { 'X-Change-Message': Buffer.from(message).toString('latin1') }),
    };
    return patiently(() => this.#graphql<T>(name, variables, headers, []), isPassing);
  }

  async #graphql<T>(
    name: DocumentName,
    variables: Readonly<Record<string, unknown>>,
    headers: Readonly<Record<string, string>>,
    tolerated: readonly string[],
  ): Promise<T> {
    const response = await this.send('POST', '/graphql', {
      body: JSON.stringify({ query: DOCUMENTS[name], variables }),
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers },
    });
    const body = objectIn(await this.#read(response));
    const error = errorsIn(body).find(
      ({ extensions }) => !tolerated.includes(String(extensions?.code)),
    );
    if (error) throw errorOf(error, response);
    return body.data as T;
  }

  /**
   * Subscribes to a stream. It has begun on the server when this returns.
   *
   * @returns its events, until it ends; throws Unreachable, also if nothing arrives for too long,
   *   and ServerError for an event that is one
   * @throws Unreachable, ServerError
   */
  async subscribe<T>(
    name: DocumentName,
    variables: Readonly<Record<string, unknown>>,
  ): Promise<AsyncGenerator<T>> {
    const silence = new Silence();
    const response = await this.send('POST', '/graphql', {
      body: JSON.stringify({ query: DOCUMENTS[name], variables }),
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
      signal: silence.signal,
    });
    return this.#events<T>(response, silence);
  }

  async *#events<T>(response: Response, silence: Silence): AsyncGenerator<T> {
    let rest = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of chunksOf(response)) {
        silence.broken();
        const events = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n\n');
        rest = events.pop() ?? '';
        for (const event of events) {
          const text = /^data: ?(.+)$/m.exec(event)?.[1] ?? '{}';
          const body = objectIn(text);
          const [error] = errorsIn(body);
          if (error) throw errorOf(error, response);
          if (body.data) yield body.data as T;
        }
      }
    } catch (error) {
      throw this.#unreachable(error);
    } finally {
      silence.end();
    }
  }

  async #fetch(method: string, path: string, parts: RequestParts): Promise<Response> {
    try {
      return await fetch(`${this.url}${path}`, {
        method,
        // A redirect could lead to another host, which must not get the token.
        redirect: 'error',
        headers: {
          Authorization: `Bearer ${this.#token}`,
          'User-Agent': `agent-api/${packageVersion()}`,
          ...parts.headers,
        },
        signal: parts.signal ?? AbortSignal.timeout(MAX_WAIT_MS),
        ...(parts.body !== undefined && { body: parts.body }),
      });
    } catch (error) {
      throw this.#unreachable(error);
    }
  }

  async #read(response: Response): Promise<string> {
    try {
      return await response.text();
    } catch (error) {
      throw this.#unreachable(error);
    }
  }

  #unreachable(error: unknown): unknown {
    if (!(error instanceof Error) || error instanceof ServerError) return error;
    const cause = error.cause instanceof Error ? error.cause : error;
    const reason = 'code' in cause && cause.code ? String(cause.code) : cause.message;
    return new Unreachable(`no answer from ${this.url} (${reason})`);
  }
}

/** Makes attempts, with pauses, until one succeeds or fails for good. */
async function patiently<T>(
  attempt: () => Promise<T>,
  mayRetry: (error: unknown) => boolean,
): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await attempt();
    } catch (error) {
      if (!mayRetry(error)) throw error;
      await delay(pause);
    }
  }
  return attempt();
}

/** A server sends at least a comment every few seconds. */
const MAX_SILENCE_MS = 60_000;

/** Aborts a stream on which nothing has arrived for too long: its connection may be dead. */
class Silence {
  readonly #controller = new AbortController();
  readonly #timer = setTimeout(() => this.#controller.abort(), MAX_SILENCE_MS);
  readonly signal = this.#controller.signal;

  broken(): void {
    this.#timer.refresh();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }
}

function chunksOf({ body }: Response): AsyncIterable<Uint8Array> {
  return (body ?? []) as unknown as AsyncIterable<Uint8Array>;
}

function errorsIn({ errors }: Readonly<Record<string, unknown>>): readonly GraphQLFailure[] {
  return Array.isArray(errors) ? (errors as readonly GraphQLFailure[]) : [];
}

function errorOf({ message, extensions = {} }: GraphQLFailure, response: Response): ServerError {
  const { statusCode } = extensions;
  const status = typeof statusCode === 'number' ? statusCode : response.status;
  return new ServerError(status, response.headers.get('x-request-id'), { ...extensions, message });
}

/** An empty object for a text that is no JSON object, such as the page of a proxy. */
function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null
      ? (value as Readonly<Record<string, unknown>>)
      : {};
  } catch {
    return {};
  }
}

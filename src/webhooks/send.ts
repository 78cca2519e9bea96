import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Webhook as Signer } from 'standardwebhooks';
import { Agent, type Dispatcher, request } from 'undici';
import type { DomainEvent } from '../domain/events.ts';
import { isPublicAddress, literalAddress } from '../domain/public-address.ts';
import { traceHeaders, traceOf } from '../domain/trace.ts';
import { type Attempt, bodyOf } from '../domain/webhook-deliveries.ts';
import { outgoing } from '../tracing/outgoing.ts';
import type { Tracer } from '../tracing/span.ts';
import { excerptOf, MAX_READ_BYTES } from './excerpt.ts';

/** What a receiver made of a delivery; `error` where it gave no answer. */
export type Sent = Pick<Attempt, 'statusCode' | 'error' | 'response'>;

const TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;
const SOCKETS_PER_RECEIVER = 16;
const USER_AGENT = 'agent-api-webhooks/1';

class AddressRefused extends Error {
  constructor(host: string) {
    super(`${host} is not an address of the public internet`);
  }
}

type Resolve = typeof lookup;

/**
 * Sends deliveries as Standard Webhooks, to public addresses alone: the address
 * that is checked is the one that is connected to, whatever DNS says next.
 */
export class Sender {
  readonly #allowPrivate: boolean;
  readonly #agent: Dispatcher;
  readonly #tracer: Tracer | undefined;

  /** @param resolve the resolver of host names */
  constructor(allowPrivate: boolean, resolve: Resolve = lookup, tracer?: Tracer) {
    this.#allowPrivate = allowPrivate;
    this.#tracer = tracer;
    this.#agent = new Agent({
      connections: SOCKETS_PER_RECEIVER,
      connect: {
        timeout: CONNECT_TIMEOUT_MS,
        ...(!allowPrivate && { lookup: publicLookup(resolve) }),
      },
    });
  }

  /**
   * Never throws; a redirect is an answer like any other.
   *
   * @param secrets each of which signs
   */
  async send(
    url: string,
    secrets: readonly string[],
    event: DomainEvent,
    now: Date,
  ): Promise<Sent> {
    const { id, type } = event;
    const body = bodyOf(event);
    try {
      const to = new URL(url);
      this.#assertLiteral(to);
      const signatures = secrets.map((secret) => new Signer(secret).sign(id, now, body));
      const attributes = { 'agent_api.event.id': id, 'agent_api.event.type': type };
      const answer = await outgoing(
        this.#tracer,
        { method: 'POST', url: to, attributes },
        traceOf(event),
        (trace) =>
          request(url, {
            method: 'POST',
            dispatcher: this.#agent,
            signal: AbortSignal.timeout(TIMEOUT_MS),
            headers: {
              'content-type': 'application/json; charset=utf-8',
              'user-agent': USER_AGENT,
              ...traceHeaders(trace),
              'webhook-id': id,
              'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
              'webhook-signature': signatures.join(' '),
            },
            body,
          }),
        ({ statusCode }) => statusCode,
      );
      const { statusCode, headers } = answer;
      const start = await startOf(answer.body);
      const { 'content-type': mediaType, 'content-encoding': encoding } = headers;
      const known = [...secrets, ...signatures];
      const response = excerptOf(textOf(mediaType), encoding !== undefined, start, known);
      return { statusCode, response };
    } catch (error) {
      return { error: reasonOf(error) };
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  /** Node looks no address up that is given literally. */
  #assertLiteral(url: URL): void {
    const address = this.#allowPrivate ? undefined : literalAddress(url);
    if (address !== undefined && !isPublicAddress(address)) throw new AddressRefused(address);
  }
}

/**
 * The first bytes of a body, up to `MAX_READ_BYTES`. The rest is read so that the socket can be used
 * again, unless it is long. Never throws: a body that is cut off has the bytes that came.
 */
async function startOf(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const kept: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      if (length < MAX_READ_BYTES) kept.push(chunk);
      length += chunk.length;
      if (length > MAX_ANSWER_BYTES) break;
    }
  } catch {
    // The status came, and decides.
  }
  return Buffer.concat(kept).subarray(0, MAX_READ_BYTES);
}

function textOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}

/** Answers as `dns.lookup` does, and with an error when any of the addresses is not public. */
function publicLookup(resolve: Resolve): LookupFunction {
  return (hostname, options: LookupOptions, done) => {
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const [first] = addresses ?? [];
      if (error) return done(error, '', 0);
      if (!first || !addresses.every(({ address }) => isPublicAddress(address))) {
        return done(new AddressRefused(hostname), '', 0);
      }
      if (options.all) return done(null, addresses);
      done(null, first.address, first.family);
    });
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} s`;
  const code = (error as NodeJS.ErrnoException).code;
  return error.message || code || error.name;
}

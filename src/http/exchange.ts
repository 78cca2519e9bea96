import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authenticator, Recalled } from '../auth/authenticate.ts';
import { originOf } from '../auth/origin.ts';
import type { Principal } from '../auth/principal.ts';
import { DomainError, invalid } from '../domain/errors.ts';
import { isLonger, LENGTHS } from '../domain/lengths.ts';
import type { Door } from '../domain/origin.ts';
import { type Trace, traceparentOf } from '../domain/trace.ts';
import type { CpuShares } from '../fairness/cpu-shares.ts';
import type { LoopMonitor } from '../fairness/loop-monitor.ts';
import type { Shares } from '../fairness/shares.ts';
import type { MaybePromise } from '../store/bounds.ts';
import type { Span } from '../tracing/span.ts';
import { OpenWork, turns, type Work, workUntil } from '../work.ts';
import { readBody } from './body.ts';
import type { ByteBudget } from './byte-budget.ts';
import { clientAddress, networkOf } from './client-address.ts';
import type { Deadlines } from './deadlines.ts';
import type { Outgoing } from './outgoing.ts';
import { type Limited, RateLimited, type RateLimits, rateLimitHeaders } from './rate-limits.ts';
import { RequestNotes } from './request-notes.ts';

/** Characters of what an author says about a change (extensions, "Who made a change"). */
export const MAX_CHANGE_MESSAGE = LENGTHS.changeMessage;
/** Carries what an author says about a change. */
const CHANGE_MESSAGE = 'X-Change-Message';

const NO_HEADERS: readonly string[] = [];

/** All callers without a token. As a caller of `turns`, too. */
const ANONYMOUS = '';

/** What all exchanges of a server share. */
export interface ExchangeParts {
  readonly authenticator: Authenticator;
  readonly deadlines: Deadlines;
  readonly requests: Shares;
  readonly cpu: CpuShares;
  readonly loop: Pick<LoopMonitor, 'saturated'>;
  readonly bodies: ByteBudget;
  readonly outgoing: Outgoing;
  readonly requestTimeoutMs: number;
  readonly limits: RateLimits;
  /** See `clientAddress`. */
  readonly trustedProxies: number;
}

/** One request and its response: who asks, and what bounds the work for it. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  /** For the log and the metrics. */
  readonly notes = new RequestNotes();
  /** Called when the deadline passes before there is an answer. */
  onLate: ((refused: DomainError) => void) | undefined;
  /** Set before the request is handled, if it is traced. */
  span: Span | undefined;
  readonly #parts: ExchangeParts;
  /** What to give back when the exchange ends. */
  readonly #held: (() => void)[] = [];
  #entered = false;
  /** Where the caller stands with its limits, once the request was counted. */
  #limited: Limited | undefined;
  #admitted = false;
  #recalled: Recalled | undefined;
  #counted = false;
  #bodyHash: string | undefined;
  #running: Promise<unknown> | undefined;

  constructor(
    parts: ExchangeParts,
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ) {
    this.#parts = parts;
    this.request = request;
    this.response = response;
    this.requestId = requestId;
  }

  /** See `AuthStrategy.recall`. @throws RateLimited */
  recall(): Recalled | undefined {
    if (this.#recalled) return this.#recalled;
    this.#recalled = this.#parts.authenticator.recall(this.request.headers.authorization);
    // Counted to the principal that the token had, even if it is no longer valid.
    if (this.#recalled) this.#admit(this.#recalled.principal);
    return this.#recalled;
  }

  /** Headers that show where the caller stands with its limits, as `writeHead` takes them. */
  get limitHeaders(): readonly string[] {
    return this.#limited ? rateLimitHeaders(this.#limited) : NO_HEADERS;
  }

  get address(): string {
    return clientAddress(this.request, this.#parts.trustedProxies);
  }

  /** Counts the request of a caller that has no token to show. @throws RateLimited */
  admitAnonymous(): void {
    this.#admit(null);
  }

  #admit(principal: Principal | null): void {
    if (this.#admitted) return;
    this.#admitted = true;
    this.#limit(() => this.#parts.limits.admit(principal, () => networkOf(this.address)));
  }

  #limit(take: () => Limited | undefined): void {
    try {
      this.#limited = take();
    } catch (error) {
      if (error instanceof RateLimited) this.#limited = error;
      throw error;
    }
  }

  /** @throws DomainError `auth.unauthenticated`, RateLimited after too many of them */
  async #firstAuthenticated(work: Work): Promise<Principal | null> {
    const { limits } = this.#parts;
    const network = networkOf(this.address);
    this.#limit(() => limits.assertMayTry(network));
    try {
      return await this.authenticate(work);
    } catch (error) {
      if (isRefusal(error)) limits.refused(network);
      throw error;
    }
  }

  /**
   * Counts the request among those under way, until `end`.
   *
   * @throws DomainError `server.busy`
   */
  enter(): void {
    if (this.#entered) return;
    this.#held.push(this.#parts.requests.enter());
    this.#entered = true;
  }

  /**
   * Begins work that is bounded by the request's deadline, and ends when the client hangs up.
   *
   * @throws DomainError `server.busy`
   */
  begin(): OpenWork {
    this.enter();
    const { deadlines, requestTimeoutMs } = this.#parts;
    const deadline = performance.now() + requestTimeoutMs;
    const span = this.span?.isRecording ? this.span : undefined;
    const work = new OpenWork({ deadline, span });
    const late = () => {
      // What streams has no deadline.
      if (this.response.headersSent) return;
      const refused = timedOut(requestTimeoutMs);
      work.end(refused);
      this.onLate?.(refused);
    };
    this.#held.push(deadlines.add(deadline, late));
    this.response.once('close', () => {
      if (this.response.writableFinished) return;
      work.end(new DomainError('request.abandoned', 'the client hung up'));
    });
    return work;
  }

  /**
   * The principal of the request's token; `null` without one. Counts the request to the caller's
   * share, and attributes the changes of the work.
   *
   * @throws DomainError `auth.unauthenticated`, `server.busy`, `request.rate_limited`
   */
  async identify(work: OpenWork, door: Door): Promise<Principal | null> {
    const recalled = this.recall();
    const principal = await (recalled
      ? this.#parts.authenticator.authenticate(work, this.request.headers.authorization, recalled)
      : this.#firstAuthenticated(work));
    this.#admit(principal);
    this.countFor(principal);
    if (principal) {
      this.notes.principal = principal;
      work.attributeTo(originOf(principal, door, this.trace, this.#changeMessage()));
    }
    return principal;
  }

  /**
   * Counts the request to the caller's share, once: also of a principal that was only recalled.
   *
   * @throws DomainError `server.busy`
   */
  countFor(principal: Principal | null): void {
    if (this.#counted) return;
    this.#counted = true;
    const { requests, cpu, loop } = this.#parts;
    if (!principal) {
      this.#held.push(requests.share('anonymous', ''));
      cpu.admit(ANONYMOUS, undefined, loop.saturated, performance.now());
      return;
    }
    this.#held.push(requests.share('principal', `${principal.kind} ${principal.id}`));
    const [first, another] = principal.memberships.keys();
    // A user of several orgs is bounded as a principal.
    const org = another === undefined ? first : undefined;
    if (org !== undefined) this.#held.push(requests.share('org', org));
    cpu.admit(principal.id, org, loop.saturated, performance.now());
  }

  /** Passed on to other hosts. */
  get trace(): Trace {
    const { requestId } = this;
    const traceparent = this.span?.traceparent ?? traceparentOf(this.request.headers.traceparent);
    return traceparent === undefined ? { requestId } : { requestId, traceparent };
  }

  /** Runs the work for an answer, and notes how long it keeps the event loop. */
  measured<T>(principal: Principal | null, run: () => MaybePromise<T>): MaybePromise<T> {
    const { cpu } = this.#parts;
    const startedAt = performance.now();
    const { count } = turns;
    let keptFor = 0;
    const note = () => {
      // In later turns others are served too; `turns` measures what waited for one.
      const now = performance.now();
      const ms = turns.count === count ? now - startedAt : keptFor;
      this.notes.cpuMs = ms;
      cpu.note(principal?.id ?? ANONYMOUS, ms, now);
    };
    try {
      const running = run();
      keptFor = performance.now() - startedAt;
      if (running instanceof Promise) return running.finally(note);
      note();
      return running;
    } catch (error) {
      note();
      throw error;
    }
  }

  /** @throws DomainError `request.invalid` on a message that is too long or is not UTF-8 */
  #changeMessage(): string | undefined {
    const given = this.request.headers[CHANGE_MESSAGE.toLowerCase()];
    if (typeof given !== 'string' || given === '') return undefined;
    // Header fields are bytes: clients send UTF-8 in them.
    const bytes = Buffer.from(given, 'latin1');
    if (!isUtf8(bytes)) throw invalid([{ path: CHANGE_MESSAGE, message: 'must be UTF-8' }]);
    const message = bytes.toString('utf8');
    if (!isLonger(message, MAX_CHANGE_MESSAGE)) return message;
    throw invalid([
      { path: CHANGE_MESSAGE, message: `must have at most ${MAX_CHANGE_MESSAGE} characters` },
    ]);
  }

  /** The principal as of now: also for what outlives the request. */
  authenticate(work: Work): MaybePromise<Principal | null> {
    return this.#parts.authenticator.authenticate(work, this.request.headers.authorization);
  }

  /** The body as a text, bounded. @throws as `readBody` */
  async readText(maxBytes?: number): Promise<string> {
    const text = await readBody(this.request, this.#parts.bodies, maxBytes);
    if (this.request.headers['idempotency-key'] !== undefined) {
      this.#bodyHash = createHash('sha256').update(text).digest('base64url');
    }
    return text;
  }

  /** A hash of the body, if the request has an `Idempotency-Key` and a body that was read. */
  get bodyHash(): string | undefined {
    return this.#bodyHash;
  }

  /** A value as the body of an answer. @throws as `jsonText` */
  json(value: unknown, work: Work): MaybePromise<string | Buffer> {
    return this.#parts.outgoing.json(value, work);
  }

  /** A text as the body of an answer. @throws DomainError `request.too_complex` if it is too long */
  text(text: string): string {
    this.#parts.outgoing.assertShort(text);
    return text;
  }

  /**
   * Ends the connection of a stream that another writes: once it makes no progress, and once the
   * token is no longer valid, whether or not the client reads.
   */
  watch({ origin }: Work): void {
    const { response } = this;
    this.#parts.outgoing.watch(response);
    const closed = new AbortController();
    const check = async () => {
      const deadline = performance.now() + RECHECK_MS;
      try {
        await this.authenticate(workUntil(closed.signal, deadline, origin));
      } catch (error) {
        if (isRefusal(error)) response.destroy();
      }
    };
    const timer = setInterval(check, RECHECK_MS);
    timer.unref();
    response.once('close', () => {
      clearInterval(timer);
      closed.abort();
    });
  }

  /** Counts the request among those under way until the work for it has ended, also after `end`. */
  countUntil(running: Promise<unknown>): void {
    this.#running = running;
  }

  /** Gives back what was counted: the answer is there, or nobody waits for it. */
  end(): void {
    const held = this.#held.splice(0);
    const giveBack = () => {
      for (const give of held) give();
    };
    if (this.#running) this.#running.then(giveBack, giveBack);
    else giveBack();
  }
}

/** A stream that is read says itself why it ends, within a second or two. */
const RECHECK_MS = 5_000;

/** Of the token; a store that does not answer refuses nothing. */
function isRefusal(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'auth.unauthenticated';
}

export function timedOut(timeoutMs: number): DomainError {
  return new DomainError(
    'request.timeout',
    `there was no answer within ${timeoutMs} ms; a write may have been made all the same`,
  );
}

import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Principal } from '../auth/principal.ts';
import { DomainError, type ErrorCode, invalid } from '../domain/errors.ts';
import type { IdempotencyRecords, KeptResponse, KeyedRequest } from '../idempotency/records.ts';
import { OpenWork, toTheEnd, type Work } from '../work.ts';
import type { Answer } from './answer.ts';
import type { Exchange } from './exchange.ts';

/** Characters of an idempotency key. */
export const MAX_IDEMPOTENCY_KEY = 255;
/** Visible ASCII. */
export const IDEMPOTENCY_KEY = '^[!-~]+$';

const HEADER = 'Idempotency-Key';
const PATTERN = new RegExp(IDEMPOTENCY_KEY);

/** The header of a write; undefined without one. @throws DomainError `request.invalid` */
export function idempotencyKeyOf({ headers }: IncomingMessage): string | undefined {
  const given = headers['idempotency-key'];
  if (given === undefined) return undefined;
  if (typeof given === 'string' && given.length <= MAX_IDEMPOTENCY_KEY && PATTERN.test(given)) {
    return given;
  }
  const message = `must have 1 to ${MAX_IDEMPOTENCY_KEY} visible ASCII characters`;
  throw invalid([{ path: HEADER, message }]);
}

/**
 * What an execution led to. `refused` has changed nothing, as a rule, and may be sent again under
 * its key; of `unknown` it is not known whether a change is still to be committed.
 */
export type Outcome = 'executed' | 'refused' | 'unknown';

export interface Attempt {
  readonly answer: Answer;
  readonly outcome: Outcome;
}

/** Codes of refusals after which a change may still be committed. */
const UNKNOWN: ReadonlySet<ErrorCode> = new Set(['store.unavailable', 'internal']);

export function outcomeOf(codes: readonly ErrorCode[]): Outcome {
  return codes.some((code) => UNKNOWN.has(code)) ? 'unknown' : 'refused';
}

/** Who sends a write, and under which key. */
export interface Sender {
  readonly principal: Principal | null;
  readonly work: Work;
  readonly key: string | undefined;
}

/**
 * Answers writes: one with an `Idempotency-Key` is executed once, and its answer is repeated for
 * the same request (extensions, "Idempotency").
 */
export class Once {
  readonly #records: IdempotencyRecords;

  constructor(records: IdempotencyRecords) {
    this.#records = records;
  }

  /**
   * The answer of the attempt, or of an earlier one under the key. With a key, the attempt runs to
   * its end, and its answer is kept, also when the client hangs up or the request times out.
   *
   * @param attempt called with the work of the execution
   * @throws DomainError as `IdempotencyRecords.begin`, and what the attempt throws
   */
  async answer(
    exchange: Exchange,
    { principal, work, key }: Sender,
    attempt: (work: Work) => Promise<Attempt>,
  ): Promise<Answer> {
    if (key === undefined || !principal) return (await attempt(work)).answer;
    const asked = { principal, key, request: hashOf(exchange) };
    return toTheEnd(work, (inner) => {
      const running = this.#answer(inner, asked, attempt);
      exchange.countUntil(running);
      return running;
    });
  }

  async #answer(
    work: Work,
    asked: KeyedRequest,
    attempt: (work: Work) => Promise<Attempt>,
  ): Promise<Answer> {
    const { record, replay } = await this.#records.begin(work, asked);
    if (replay) return replayed(replay);
    const origin = { ...work.origin, idempotencyUse: record.use };
    try {
      const { answer, outcome } = await attempt(new OpenWork({ origin, span: work.span }));
      if (outcome === 'executed') await this.#records.complete(work, record, kept(answer));
      if (outcome === 'refused') await this.#records.giveUp(work, record, kept(answer));
      return answer;
    } catch (error) {
      const outcome = error instanceof DomainError ? outcomeOf([error.code]) : 'unknown';
      // Otherwise the lease ends it.
      if (outcome === 'refused') await this.#records.giveUp(work, record);
      throw error;
    }
  }
}

/** All that a request asks for: the same hash is the same request. */
function hashOf({ request, bodyHash }: Exchange): string {
  const { method = '', url = '', headers } = request;
  const parts = [method, url, headers['if-match'] ?? null, bodyHash ?? null];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

function kept({ status, headers, body }: Answer): KeptResponse {
  return { status, headers, ...(body !== undefined && { body: body.toString() }) };
}

function replayed({ headers, ...answer }: KeptResponse): Answer {
  return { ...answer, headers: { ...headers, 'Idempotency-Replayed': 'true' } };
}

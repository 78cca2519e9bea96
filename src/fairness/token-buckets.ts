import { LRUCache } from 'lru-cache';

/** So many in a window at most, and as many at once. */
export interface Quota {
  readonly max: number;
  readonly windowMs: number;
}

/** Where a caller stands after it took a token, or was given none. */
export interface Standing {
  readonly taken: boolean;
  /** Whole tokens that are left. */
  readonly left: number;
  /** Until the bucket is full. */
  readonly fullInMs: number;
  /** Until there is a token. */
  readonly nextInMs: number;
}

/** A bucket that other processes are to know of. */
export interface Shared {
  readonly caller: string;
  /** Tokens that this process gave and has not published. */
  readonly unpublished: number;
  readonly fullInMs: number;
}

/** What all processes have published of a bucket. */
export interface Published {
  /** Tokens that were given, since any time. */
  readonly given: number;
  /** Until the bucket is full, as far as one of them knows. */
  readonly fullInMs: number;
}

interface Bucket {
  /** Below zero if processes together gave more than there were. */
  tokens: number;
  at: number;
  unpublished: number;
  /** What all processes had published when that was last read; undefined if it never was. */
  given: number | undefined;
}

/** Callers that are remembered. One that is forgotten has a full bucket. */
const MAX_CALLERS = 10_000;
/** A bucket is shared once a process has given this part of it and not published it. */
const SHARED_PART = 1 / 8;

/**
 * A bucket of tokens for each caller, which fills at an even rate.
 *
 * Several processes can have the same buckets: each gives tokens by itself, and an exchange of what
 * they gave (`shared`, `learn`, `published`) takes those of the others from its buckets.
 */
export class TokenBuckets {
  readonly quota: Quota;
  readonly #perMs: number;
  readonly #sharedFrom: number;
  readonly #buckets = new LRUCache<string, Bucket>({ max: MAX_CALLERS });
  /** Callers whose buckets are shared, those least recently exchanged first. */
  readonly #shared = new Set<string>();
  #onDue: () => void = () => undefined;

  constructor(quota: Quota) {
    this.quota = quota;
    this.#perMs = quota.max / quota.windowMs;
    this.#sharedFrom = Math.max(1, Math.floor(quota.max * SHARED_PART));
  }

  /** Shares buckets from now on. @param onDue called when one should be exchanged soon */
  share(onDue: () => void): void {
    this.#onDue = onDue;
  }

  /** @param now milliseconds, on any clock that does not go back */
  take(caller: string, now: number): Standing {
    const bucket = this.#filled(caller, now);
    const taken = bucket.tokens >= 1;
    if (taken) {
      bucket.tokens -= 1;
      bucket.unpublished += 1;
      if (bucket.unpublished % this.#sharedFrom === 0) {
        this.#shared.add(caller);
        this.#onDue();
      }
    }
    return this.#standing(bucket, taken);
  }

  /** Where the caller stands, without taking a token. */
  look(caller: string, now: number): Standing {
    const bucket = this.#filled(caller, now);
    return this.#standing(bucket, bucket.tokens >= 1);
  }

  /** The buckets to exchange, at most so many. Those that are full are shared no longer. */
  shared(now: number, most: number): readonly Shared[] {
    const due: Shared[] = [];
    for (const caller of this.#shared) {
      if (due.length === most) break;
      this.#shared.delete(caller);
      const bucket = this.#buckets.has(caller) ? this.#filled(caller, now) : undefined;
      if (!bucket) continue;
      const { tokens, unpublished } = bucket;
      if (tokens >= this.quota.max && unpublished === 0) bucket.given = undefined;
      else due.push({ caller, unpublished, fullInMs: this.#standing(bucket, true).fullInMs });
    }
    for (const { caller } of due) this.#shared.add(caller);
    return due;
  }

  /**
   * Takes from a bucket what other processes gave.
   *
   * @param published by all processes, this one included
   * @returns until the bucket is full
   */
  learn(caller: string, published: Published, now: number): number {
    const bucket = this.#filled(caller, now);
    const { given, unpublished } = bucket;
    if (given !== undefined && published.given >= given) {
      bucket.tokens -= published.given - given;
    } else {
      // Nothing is known of when the others gave theirs but how full the bucket was left.
      const left = this.quota.max - published.fullInMs * this.#perMs - unpublished;
      bucket.tokens = Math.min(bucket.tokens, left);
    }
    bucket.given = published.given;
    return this.#standing(bucket, true).fullInMs;
  }

  /** Called once so many tokens of this process are published. */
  published(caller: string, tokens: number): void {
    const bucket = this.#buckets.peek(caller);
    if (!bucket) return;
    bucket.unpublished -= tokens;
    bucket.given = (bucket.given ?? 0) + tokens;
  }

  #standing({ tokens }: Bucket, taken: boolean): Standing {
    return {
      taken,
      left: Math.max(0, Math.floor(tokens)),
      fullInMs: (this.quota.max - tokens) / this.#perMs,
      nextInMs: Math.max(0, 1 - tokens) / this.#perMs,
    };
  }

  #filled(caller: string, now: number): Bucket {
    const known = this.#buckets.get(caller);
    if (!known) {
      const bucket = { tokens: this.quota.max, at: now, unpublished: 0, given: undefined };
      this.#buckets.set(caller, bucket);
      return bucket;
    }
    known.tokens = Math.min(this.quota.max, known.tokens + (now - known.at) * this.#perMs);
    known.at = now;
    return known;
  }
}

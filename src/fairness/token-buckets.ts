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

interface Bucket {
  tokens: number;
  at: number;
}

/** Callers that are remembered. One that is forgotten has a full bucket. */
const MAX_CALLERS = 10_000;

/** A bucket of tokens for each caller, which fills at an even rate. */
export class TokenBuckets {
  readonly quota: Quota;
  readonly #perMs: number;
  readonly #buckets = new LRUCache<string, Bucket>({ max: MAX_CALLERS });

  constructor(quota: Quota) {
    this.quota = quota;
    this.#perMs = quota.max / quota.windowMs;
  }

  /** @param now milliseconds, on any clock that does not go back */
  take(caller: string, now: number): Standing {
    const bucket = this.#filled(caller, now);
    const taken = bucket.tokens >= 1;
    if (taken) bucket.tokens -= 1;
    return this.#standing(bucket, taken);
  }

  /** Where the caller stands, without taking a token. */
  look(caller: string, now: number): Standing {
    const bucket = this.#filled(caller, now);
    return this.#standing(bucket, bucket.tokens >= 1);
  }

  #standing({ tokens }: Bucket, taken: boolean): Standing {
    return {
      taken,
      left: Math.floor(tokens),
      fullInMs: (this.quota.max - tokens) / this.#perMs,
      nextInMs: Math.max(0, 1 - tokens) / this.#perMs,
    };
  }

  #filled(caller: string, now: number): Bucket {
    const known = this.#buckets.get(caller);
    if (!known) {
      const bucket = { tokens: this.quota.max, at: now };
      this.#buckets.set(caller, bucket);
      return bucket;
    }
    known.tokens = Math.min(this.quota.max, known.tokens + (now - known.at) * this.#perMs);
    known.at = now;
    return known;
  }
}

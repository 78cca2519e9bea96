import type { Principal } from '../auth/principal.ts';
import { DomainError } from '../domain/errors.ts';
import { type Standing, TokenBuckets } from '../fairness/token-buckets.ts';

/** Requests in a minute; 0 means no limit. */
export interface RateLimitSettings {
  readonly principal: number;
  readonly org: number;
  /** Of requests without a token. */
  readonly address: number;
  /** Refused tokens from one address. */
  readonly refusedTokens: number;
  /** OAuth grants that one principal begins. */
  readonly oauthStarts: number;
}

type Kind = keyof RateLimitSettings;

const MINUTE_MS = 60_000;

/** Names each limit in messages. */
const WHAT: Readonly<Record<Kind, string>> = {
  principal: 'requests with this token',
  org: 'requests to this org',
  address: 'requests without a token from this address',
  refusedTokens: 'refused tokens from this address',
  oauthStarts: 'OAuth grants begun with this token',
};

/** The limit that is nearest, for the headers of the answer. */
export interface Limited {
  readonly policy: string;
  readonly kind: Kind;
  readonly standing: Standing;
}

/**
 * Limits how many requests a caller sends. It asks no store, so it costs a request next to nothing:
 * processes on one MongoDB share their buckets in the background (`LimitExchange`).
 */
export class RateLimits {
  readonly #buckets: ReadonlyMap<Kind, { readonly buckets: TokenBuckets; readonly policy: string }>;

  constructor(settings: RateLimitSettings) {
    const kinds = Object.entries(settings) as [Kind, number][];
    this.#buckets = new Map(
      kinds
        .filter(([, max]) => max > 0)
        .map(([kind, max]) => [
          kind,
          {
            buckets: new TokenBuckets({ max, windowMs: MINUTE_MS }),
            policy: `"${kind}";q=${max};w=${MINUTE_MS / 1_000}`,
          },
        ]),
    );
  }

  /** By the name of the limit: those that are on. */
  get buckets(): ReadonlyMap<string, TokenBuckets> {
    return new Map([...this.#buckets].map(([kind, { buckets }]) => [kind, buckets]));
  }

  /**
   * Counts a request.
   *
   * @param network where it comes from; asked for if it has no principal
   * @returns undefined if nothing limits the caller
   * @throws RateLimited
   */
  admit(principal: Principal | null, network: () => string): Limited | undefined {
    if (!principal) return this.take('address', network());
    const own = this.take('principal', principal.id);
    const [org, another] = principal.memberships.keys();
    // A user of several orgs is limited as a principal.
    if (org === undefined || another !== undefined) return own;
    const shared = this.take('org', org);
    return own && shared && own.standing.left > shared.standing.left ? shared : (own ?? shared);
  }

  /** Refuses to look at a token from an address that sent too many bad ones. @throws RateLimited */
  assertMayTry(address: string): undefined {
    const limit = this.#buckets.get('refusedTokens');
    if (!limit) return undefined;
    const standing = limit.buckets.look(address, performance.now());
    if (!standing.taken) throw new RateLimited('refusedTokens', limit.policy, standing);
    return undefined;
  }

  /** Counts a token that was refused. */
  refused(address: string): void {
    this.#buckets.get('refusedTokens')?.buckets.take(address, performance.now());
  }

  /** @throws RateLimited */
  take(kind: Kind, caller: string): Limited | undefined {
    const limit = this.#buckets.get(kind);
    if (!limit) return undefined;
    const standing = limit.buckets.take(caller, performance.now());
    if (!standing.taken) throw new RateLimited(kind, limit.policy, standing);
    return { policy: limit.policy, kind, standing };
  }
}

/** The refusal of a request that is one too many. */
export class RateLimited extends DomainError implements Limited {
  readonly kind: Kind;
  readonly policy: string;
  readonly standing: Standing;

  constructor(kind: Kind, policy: string, standing: Standing) {
    const seconds = secondsOf(standing.nextInMs);
    super('request.rate_limited', `too many ${WHAT[kind]}; try again in ${seconds} s`, [], seconds);
    this.kind = kind;
    this.policy = policy;
    this.standing = standing;
  }
}

/** The headers of draft-ietf-httpapi-ratelimit-headers-10, as `writeHead` takes them. */
export function rateLimitHeaders({ kind, policy, standing }: Limited): readonly string[] {
  const { left, fullInMs } = standing;
  const state = `"${kind}";r=${left};t=${secondsOf(fullInMs)}`;
  return ['RateLimit-Policy', policy, 'RateLimit', state];
}

function secondsOf(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}

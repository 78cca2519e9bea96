import { DomainError } from '../domain/errors.ts';
import { andThen, type DocumentVersion, type MaybePromise } from '../store/bounds.ts';
import type { Work } from '../work.ts';
import type { Principal } from './principal.ts';

/** One way to authenticate. */
export interface AuthStrategy {
  /**
   * The principal of a bearer token. `null` means "not mine", a throw means "mine, and bad".
   *
   * @throws DomainError `auth.unauthenticated`
   */
  authenticate(work: Work, token: string): MaybePromise<Principal | null>;
  /**
   * The principal of a token that was accepted before, without asking the store. It may be used
   * only once the proof is known to be current. Undefined when `authenticate` has to be called.
   */
  recall?(token: string): Recalled | undefined;
}

export interface Recalled {
  readonly principal: Principal;
  /** The token is as good as before while its document has this version. */
  readonly proof: DocumentVersion;
}

/** Returns the principal of a request's token; `null` without one. @throws as `authenticate` */
export type Identify = (work: Work) => MaybePromise<Principal | null>;

/** Whether these documents still have their versions. */
export type IsCurrent = (
  work: Work,
  documents: readonly DocumentVersion[],
) => MaybePromise<boolean>;

/** A bearer token as RFC 6750 spells it. */
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i;
const MAX_TOKEN_LENGTH = 8_192;

/** Finds the principal of an `Authorization` header: the first strategy that recognises the token decides. */
export class Authenticator {
  readonly #strategies: readonly AuthStrategy[];
  readonly #isCurrent: IsCurrent;

  constructor(strategies: readonly AuthStrategy[], isCurrent: IsCurrent) {
    this.#strategies = strategies;
    this.#isCurrent = isCurrent;
  }

  /**
   * The principal; `null` without a header.
   *
   * @param recalled what `recall` returned for the header
   * @throws DomainError `auth.unauthenticated` on a token that no strategy accepts
   */
  authenticate(
    work: Work,
    authorization: string | undefined,
    recalled = this.recall(authorization),
  ): MaybePromise<Principal | null> {
    if (!recalled) return this.#authenticate(work, authorization);
    return andThen(this.#isCurrent(work, [recalled.proof]), (current) =>
      current ? recalled.principal : this.#authenticate(work, authorization),
    );
  }

  async #authenticate(work: Work, authorization: string | undefined): Promise<Principal | null> {
    if (authorization === undefined) return null;
    const token = tokenIn(authorization);
    if (token === undefined) {
      throw rejected('the Authorization header is not of the form "Bearer <token>"');
    }
    for (const strategy of this.#strategies) {
      const principal = await strategy.authenticate(work, token);
      if (principal) return principal;
    }
    throw rejected('invalid API key or session token');
  }

  /** See `AuthStrategy.recall`. */
  recall(authorization: string | undefined): Recalled | undefined {
    const token = authorization === undefined ? undefined : tokenIn(authorization);
    if (token === undefined) return undefined;
    for (const strategy of this.#strategies) {
      const recalled = strategy.recall?.(token);
      if (recalled) return recalled;
    }
    return undefined;
  }
}

function tokenIn(authorization: string): string | undefined {
  return BEARER.exec(authorization.slice(0, MAX_TOKEN_LENGTH))?.[1];
}

export function rejected(message: string): DomainError {
  return new DomainError('auth.unauthenticated', message);
}

import { DomainError } from '../domain/errors.ts';
import type { Work } from '../work.ts';
import type { Principal } from './principal.ts';

/**
 * One way of telling who a bearer token stands for. `null` means "not mine",
 * a throw means "mine, and bad".
 *
 * @throws DomainError `auth.unauthenticated`
 */
export type AuthStrategy = (work: Work, token: string) => Promise<Principal | null>;

/** Returns the principal of a request's token; `null` without one. @throws as `authenticate` */
export type Identify = (work: Work) => Promise<Principal | null>;

/** A bearer token as RFC 6750 spells it. */
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i;
const MAX_TOKEN_LENGTH = 8_192;

/**
 * Who the request's `Authorization` header stands for; `null` without one.
 *
 * @throws DomainError `auth.unauthenticated` on a token that no strategy takes
 */
export async function authenticate(
  work: Work,
  strategies: readonly AuthStrategy[],
  authorization: string | undefined,
): Promise<Principal | null> {
  if (authorization === undefined) return null;
  const token = BEARER.exec(authorization.slice(0, MAX_TOKEN_LENGTH))?.[1];
  if (token === undefined) {
    throw rejected('the Authorization header is not of the form "Bearer <token>"');
  }
  for (const strategy of strategies) {
    const principal = await strategy(work, token);
    if (principal) return principal;
  }
  throw rejected('the bearer token is neither an API key nor a session token that is taken here');
}

export function rejected(message: string): DomainError {
  return new DomainError('auth.unauthenticated', message);
}

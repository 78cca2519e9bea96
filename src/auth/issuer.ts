import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';

/** Asymmetric ones only: a public key must never serve as a shared secret. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const TIMEOUT_MS = 4_000;
const KEYS_KEPT_MS = 10 * 60_000;
/** OpenID Connect Core, section 2. Also bounds the index fields of what a user changes. */
const MAX_SUB_LENGTH = 255;
const CLOCK_TOLERANCE_S = 5;

/** The token is not, or no longer, valid for this issuer and audience; the message says why. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
}

/** The issuer does not answer, or not as one. */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable';
}

export interface IssuerOptions {
  readonly issuer: string;
  readonly audience: string;
  /** How long nothing is asked of the issuer again after it was asked; against floods of bad tokens. */
  readonly cooldownMs?: number;
}

interface Discovered {
  /** As tokens name it. */
  readonly issuer: string;
  readonly keys: ReturnType<typeof createRemoteJWKSet>;
}

/** Verifies the ID tokens of an OpenID provider, whose metadata and keys it finds and keeps. */
export class Issuer {
  readonly #options: Required<IssuerOptions>;
  #discovered: Promise<Discovered> | undefined;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(options: IssuerOptions) {
    this.#options = { cooldownMs: 5_000, ...options };
  }

  /**
   * @returns the token's claims; `sub` is there
   * @throws TokenRefused, IssuerUnavailable, both after a bounded time
   */
  async verify(token: string): Promise<JWTPayload & { readonly sub: string }> {
    const { issuer, keys } = await this.#discover();
    const { audience } = this.#options;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['exp', 'sub'],
      });
      const { sub, aud, azp } = payload;
      if (protectedHeader.typ?.toLowerCase().endsWith('at+jwt')) {
        throw new TokenRefused('it is an access token, not an ID token');
      }
      if (Array.isArray(aud) && aud.length > 1 && azp !== audience) {
        throw new TokenRefused('it was issued to another party');
      }
      if (typeof sub !== 'string' || sub === '') throw new TokenRefused('it names nobody');
      if (sub.length > MAX_SUB_LENGTH) throw new TokenRefused('its sub is too long');
      return { ...payload, sub };
    } catch (error) {
      throw refusalOf(error);
    }
  }

  #discover(): Promise<Discovered> {
    if (performance.now() - this.#failedAt < this.#options.cooldownMs) {
      throw new IssuerUnavailable('the issuer did not answer a moment ago');
    }
    this.#discovered ??= this.#ask().catch((error: unknown) => {
      this.#discovered = undefined;
      this.#failedAt = performance.now();
      throw new IssuerUnavailable('the issuer cannot be reached', { cause: error });
    });
    return this.#discovered;
  }

  async #ask(): Promise<Discovered> {
    const { issuer, cooldownMs } = this.#options;
    const bare = withoutSlash(issuer);
    const response = await fetch(`${bare}/.well-known/openid-configuration`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { Accept: 'application/json' },
    });
    if (!response.ok) throw new Error(`its metadata came with status ${response.status}`);
    const found = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
    if (typeof found.issuer !== 'string' || withoutSlash(found.issuer) !== bare) {
      throw new Error('its metadata is of another issuer');
    }
    const url = new URL(String(found.jwks_uri));
    if (issuer.startsWith('https:') && url.protocol !== 'https:') {
      throw new Error('its keys are not served over https');
    }
    const keys = createRemoteJWKSet(url, {
      timeoutDuration: TIMEOUT_MS,
      cooldownDuration: cooldownMs,
      cacheMaxAge: KEYS_KEPT_MS,
    });
    return { issuer: found.issuer, keys };
  }
}

/** What jose reports about a token is safe to show; any other error is the issuer's or the network's. */
function refusalOf(error: unknown): Error {
  if (error instanceof TokenRefused) return error;
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) {
    return new IssuerUnavailable('the keys of the issuer cannot be had', { cause: error });
  }
  if (error instanceof errors.JWKSNoMatchingKey) return new TokenRefused('its key is unknown');
  if (error instanceof errors.JOSEError && error.code !== 'ERR_JOSE_GENERIC') {
    return new TokenRefused(error.message);
  }
  return new IssuerUnavailable('the keys of the issuer cannot be had', { cause: error });
}

function withoutSlash(url: string): string {
  return url.replace(/\/$/, '');
}

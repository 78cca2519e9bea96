/** The states of a tool's OAuth grant (reference, "OAuth-runtime tools"). */
export const OAUTH_STATES = ['not-connected', 'connected', 'expired', 'revoked', 'error'] as const;
export type OAuthState = (typeof OAUTH_STATES)[number];

export interface OAuthStatus {
  readonly state: OAuthState;
  /** ISO-8601. Unset while not connected. */
  readonly connectedAt?: string;
  readonly lastError?: string;
}

/** The outcome of revoking a grant at its provider. */
export const REVOCATIONS = ['revoked', 'refused', 'unreachable', 'unsupported', 'none'] as const;
export type Revocation = (typeof REVOCATIONS)[number];

/** A credential without its tokens. */
export interface CredentialState {
  /** ISO-8601. Unset if the access token is valid until it is revoked. */
  readonly expiresAt?: string;
  /** Whether there is a refresh token. */
  readonly renewable: boolean;
  /** The provider has reported that the grant is no longer valid. */
  readonly revoked?: boolean;
  /** Why the last renewal failed, for the operator. Unset once one succeeds. */
  readonly lastError?: string;
  /** ISO-8601. Set after a failed renewal: the earliest time of the next one. */
  readonly retryAt?: string;
}

/** A token is renewed this long before it expires, so that it outlives the call that it is used for. */
const RENEW_BEFORE_MS = 30_000;

/** Whether the access token must be renewed before it is used. */
export function needsRenewal(credential: CredentialState, now: Date): boolean {
  const { renewable, revoked, retryAt } = credential;
  if (!renewable || revoked || (retryAt !== undefined && retryAt > now.toISOString())) return false;
  return isExpired(credential, new Date(now.getTime() + RENEW_BEFORE_MS));
}

/** Whether the access token may be used. */
export function isUsable(credential: CredentialState, now: Date): boolean {
  return !credential.revoked && !isExpired(credential, now);
}

/**
 * The status of a grant, after any renewal.
 *
 * @param connectedAt undefined if there is no grant
 * @param credential undefined if it is lost
 */
export function statusOf(
  connectedAt: string | undefined,
  credential: CredentialState | undefined,
  now: Date,
): OAuthStatus {
  if (connectedAt === undefined) return { state: 'not-connected' };
  if (!credential) {
    return { state: 'error', connectedAt, lastError: 'the credential is lost; connect again' };
  }
  const { revoked, renewable, lastError } = credential;
  const reported = lastError === undefined ? {} : { lastError };
  if (revoked) return { state: 'revoked', connectedAt, ...reported };
  if (!isExpired(credential, now)) return { state: 'connected', connectedAt };
  if (!renewable) return { state: 'expired', connectedAt };
  return {
    state: 'error',
    connectedAt,
    lastError: lastError ?? 'the access token is being renewed; try again shortly',
  };
}

/**
 * The URL to redirect the browser to; undefined if the host of `returnTo` is not allowed.
 *
 * @param hosts with the port if it is not the scheme's default
 */
export function returnUrl(
  returnTo: string | undefined,
  hosts: readonly string[],
  outcome: Readonly<Record<string, string>>,
): string | undefined {
  if (returnTo === undefined || !URL.canParse(returnTo)) return undefined;
  const url = new URL(returnTo);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  if (!isWeb || !hosts.includes(url.host)) return undefined;
  for (const [name, value] of Object.entries(outcome)) url.searchParams.set(name, value);
  return url.href;
}

function isExpired({ expiresAt }: CredentialState, now: Date): boolean {
  return expiresAt !== undefined && expiresAt <= now.toISOString();
}

/** What a grant of a tool is worth now (reference, "OAuth-runtime tools"). */
export const OAUTH_STATES = ['not-connected', 'connected', 'expired', 'revoked', 'error'] as const;
export type OAuthState = (typeof OAUTH_STATES)[number];

export interface OAuthStatus {
  readonly state: OAuthState;
  /** ISO-8601; there except while not connected. */
  readonly connectedAt?: string;
  readonly lastError?: string;
}

/** What became of a grant at its provider when it was given up here. */
export const REVOCATIONS = ['revoked', 'refused', 'unreachable', 'unsupported', 'none'] as const;
export type Revocation = (typeof REVOCATIONS)[number];

/** What is known of a credential, beside its tokens. */
export interface CredentialState {
  /** ISO-8601; unset where the access token lives until it is revoked. */
  readonly expiresAt?: string;
  /** Whether there is a refresh token. */
  readonly renewable: boolean;
  /** The provider said that the grant is no longer valid. */
  readonly revoked?: boolean;
  /** Why the last renewal failed, in words for the operator; unset once one succeeds. */
  readonly lastError?: string;
  /** After a renewal that failed: not again before. ISO-8601. */
  readonly retryAt?: string;
}

/** So long before its end a token is not handed out: it must outlive the call it is for. */
const RENEW_BEFORE_MS = 30_000;

/** Whether the access token is to be renewed before it is used. */
export function needsRenewal(credential: CredentialState, now: Date): boolean {
  const { renewable, revoked, retryAt } = credential;
  if (!renewable || revoked || (retryAt !== undefined && retryAt > now.toISOString())) return false;
  return isOver(credential, new Date(now.getTime() + RENEW_BEFORE_MS));
}

/** Whether the access token may be handed out. */
export function isUsable(credential: CredentialState, now: Date): boolean {
  return !credential.revoked && !isOver(credential, now);
}

/**
 * The status of a grant, after any renewal.
 *
 * @param connectedAt undefined when no grant was given
 * @param credential undefined when it is lost
 */
export function statusOf(
  connectedAt: string | undefined,
  credential: CredentialState | undefined,
  now: Date,
): OAuthStatus {
  if (connectedAt === undefined) return { state: 'not-connected' };
  if (!credential) {
    return { state: 'error', connectedAt, lastError: 'the credential is gone; connect again' };
  }
  const { revoked, renewable, lastError } = credential;
  const told = lastError === undefined ? {} : { lastError };
  if (revoked) return { state: 'revoked', connectedAt, ...told };
  if (!isOver(credential, now)) return { state: 'connected', connectedAt };
  if (!renewable) return { state: 'expired', connectedAt };
  return {
    state: 'error',
    connectedAt,
    lastError: lastError ?? 'the access token is being renewed; ask again shortly',
  };
}

/**
 * Where the browser goes back to; undefined where `returnTo` names no allowed host.
 *
 * @param hosts with their port where it is not the scheme's own
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

function isOver({ expiresAt }: CredentialState, now: Date): boolean {
  return expiresAt !== undefined && expiresAt <= now.toISOString();
}

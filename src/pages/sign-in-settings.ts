import { CONSOLE } from './console-paths.ts';
import { digestOf } from './encode.ts';
import type { Served } from './pages.ts';
import { NOTHING_ALLOWED, StaticFile } from './static-file.ts';

/** How users sign in to the console, beside API keys. */
export interface OidcClient {
  readonly issuer: string;
  /** The client's id at the issuer, which its ID tokens name as their audience. */
  readonly audience: string;
}

const DESCRIPTION = {
  path: `${CONSOLE}/sign-in.json`,
  type: 'application/json',
  policy: NOTHING_ALLOWED,
  immutable: false,
} as const;

/**
 * What the console needs to know before anybody is signed in. Everybody may read it.
 *
 * @param oidc unset: users sign in with API keys only
 */
export function signInSettings(oidc: OidcClient | undefined): Served {
  const settings = oidc ? { oidc: { issuer: oidc.issuer, clientId: oidc.audience } } : {};
  const content = Buffer.from(JSON.stringify(settings));
  return new StaticFile(DESCRIPTION, digestOf(content), { encodings: [], read: () => content });
}

import type { IncomingMessage } from 'node:http';
import type { Answer } from '../http/answer.ts';
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

/** What the console needs to know before anybody is signed in. Everybody may read it. */
export class SignInSettings implements Served {
  readonly path = DESCRIPTION.path;
  readonly type = DESCRIPTION.type;
  readonly #file: StaticFile;

  /** @param oidc unset: users sign in with API keys only */
  constructor(oidc: OidcClient | undefined) {
    const settings = oidc ? { oidc: { issuer: oidc.issuer, clientId: oidc.audience } } : {};
    const content = Buffer.from(JSON.stringify(settings));
    const late = { encodings: [], read: () => content };
    this.#file = new StaticFile(DESCRIPTION, digestOf(content), late);
  }

  answer(request: IncomingMessage): Answer {
    return this.#file.answer(request);
  }
}

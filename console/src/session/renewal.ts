import { providerOf } from './provider.ts';
import { type Grant, session, signIn, signOut } from './session.ts';

/** So long before its end, a token is renewed. */
const BEFORE_END_MS = 60_000;
/** The longest delay of a timer of the browser. */
const MAX_DELAY_MS = 2 ** 31 - 1;

let renewing: Promise<void> | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Keeps the session of a user from ending while the page is open. */
export function keepSignedIn(): void {
  session.follow(schedule);
  schedule();
}

/** Resolves when the key of the session is not about to end, or cannot be renewed. */
export async function whenFresh(): Promise<void> {
  const current = session.get();
  if (current.state !== 'signed-in' || !current.grant) return;
  if (current.grant.expiresAt - Date.now() > BEFORE_END_MS) return;
  renewing ??= renewed(current.grant).finally(() => {
    renewing = undefined;
  });
  await renewing;
}

function schedule(): void {
  clearTimeout(timer);
  const current = session.get();
  if (current.state !== 'signed-in' || current.grant?.refreshToken === undefined) return;
  const delay = current.grant.expiresAt - BEFORE_END_MS - Date.now();
  timer = setTimeout(() => void whenFresh(), Math.min(Math.max(delay, 1_000), MAX_DELAY_MS));
}

/** Where the provider refuses, the session ends; where it does not answer, with its token. */
async function renewed({ refreshToken }: Grant): Promise<void> {
  const provider = await providerOf();
  if (!provider || refreshToken === undefined) return;
  const { renew, SignInFailed } = await import('./oidc.ts');
  try {
    const { token, grant } = await renew(provider, refreshToken);
    const current = session.get();
    // The operator may have left meanwhile.
    if (current.state === 'signed-in' && current.grant?.refreshToken === refreshToken) {
      signIn(token, grant);
    }
  } catch (error) {
    if (!(error instanceof SignInFailed)) throw error;
    if (error.problem !== 'unavailable') signOut('refused');
  }
}

/** Ends the session, and what the provider granted for it. */
export async function leave(): Promise<void> {
  const current = session.get();
  signOut('left');
  if (current.state !== 'signed-in' || current.grant?.refreshToken === undefined) return;
  const provider = await providerOf();
  if (!provider) return;
  const { revoke, SignInFailed } = await import('./oidc.ts');
  await revoke(provider, current.grant.refreshToken).catch((error: unknown) => {
    // The tokens are forgotten here all the same, and end by themselves.
    if (!(error instanceof SignInFailed)) throw error;
  });
}

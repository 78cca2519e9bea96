import { Observable } from '../observable.ts';

/** Session storage: another tab, and a later session of the browser, have to sign in again. */
const STORED = 'agent-api:key';
const GRANT_STORED = 'agent-api:grant';

/** What a provider granted with an ID token. */
export interface Grant {
  /** When the ID token ends; milliseconds. */
  readonly expiresAt: number;
  /** Unset if the provider gives none: the session then ends with the ID token. */
  readonly refreshToken?: string;
}

export type Session =
  | {
      readonly state: 'signed-in';
      /** What requests are sent with: an API key, or the ID token of a user. */
      readonly key: string;
      /** Of a user who signed in at a provider. */
      readonly grant?: Grant;
    }
  | {
      readonly state: 'signed-out';
      readonly reason: 'none' | 'left' | 'refused' | 'ended';
    };

export const session = new Observable<Session>(stored());

function stored(): Session {
  const key = sessionStorage.getItem(STORED);
  if (key === null) return { state: 'signed-out', reason: 'none' };
  const grant = sessionStorage.getItem(GRANT_STORED);
  return { state: 'signed-in', key, ...(grant !== null && { grant: JSON.parse(grant) as Grant }) };
}

/** Also replaces the key of the session by its successor. */
export function signIn(key: string, grant?: Grant): void {
  sessionStorage.setItem(STORED, key);
  if (grant) sessionStorage.setItem(GRANT_STORED, JSON.stringify(grant));
  else sessionStorage.removeItem(GRANT_STORED);
  session.set({ state: 'signed-in', key, ...(grant && { grant }) });
}

/** @param reason `left` if the operator asked for it, `refused` if the server refuses the key */
export function signOut(reason: 'left' | 'refused'): void {
  const current = session.get();
  const isOfUser = current.state === 'signed-in' && current.grant !== undefined;
  sessionStorage.removeItem(STORED);
  sessionStorage.removeItem(GRANT_STORED);
  session.set({
    state: 'signed-out',
    reason: reason === 'refused' && isOfUser ? 'ended' : reason,
  });
}

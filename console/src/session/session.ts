import { Observable } from '../observable.ts';

/** Session storage: another tab, and a later session of the browser, have to sign in again. */
const STORED = 'agent-api:key';

export type Session =
  | { readonly state: 'signed-in'; readonly key: string }
  | { readonly state: 'signed-out'; readonly reason: 'none' | 'left' | 'refused' };

export const session = new Observable<Session>(stored());

function stored(): Session {
  const key = sessionStorage.getItem(STORED);
  return key === null ? { state: 'signed-out', reason: 'none' } : { state: 'signed-in', key };
}

export function signIn(key: string): void {
  sessionStorage.setItem(STORED, key);
  session.set({ state: 'signed-in', key });
}

/** @param reason `left` if the operator asked for it, `refused` if the server refuses the key */
export function signOut(reason: 'left' | 'refused'): void {
  sessionStorage.removeItem(STORED);
  session.set({ state: 'signed-out', reason });
}

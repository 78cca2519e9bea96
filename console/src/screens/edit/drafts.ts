import { session } from '../../session/session.ts';
import type { Definition } from './definition.ts';

/** Changes of an agent that are not saved. */
export interface Draft {
  /** The version that they were begun from. */
  readonly base: number;
  readonly definition: Definition;
}

const PREFIX = 'agent-api:draft:';

/** Drafts belong to the operator: they end when the operator signs out, not when a key is refused. */
session.follow(() => {
  const current = session.get();
  if (current.state !== 'signed-out' || current.reason !== 'left') return;
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  }
});

export function storedDraft(org: string, agent: string): Draft | undefined {
  const stored = sessionStorage.getItem(keyOf(org, agent));
  return stored === null ? undefined : JSON.parse(stored);
}

/**
 * Keeps a draft in the tab, so that it survives a reload; undefined removes it.
 *
 * @returns false if the tab has no room for it
 */
export function storeDraft(org: string, agent: string, draft: Draft | undefined): boolean {
  const key = keyOf(org, agent);
  try {
    if (draft) sessionStorage.setItem(key, JSON.stringify(draft));
    else sessionStorage.removeItem(key);
    return true;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    sessionStorage.removeItem(key);
    return false;
  }
}

function keyOf(org: string, agent: string): string {
  return `${PREFIX}${org}/${agent}`;
}

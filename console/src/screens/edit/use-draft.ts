import { useRef, useState } from 'react';
import { type Definition, isSameDefinition } from './definition.ts';
import { type Draft, storeDraft, storedDraft } from './drafts.ts';

/** The agent as it is on the server. */
export interface Current {
  readonly version: number;
  readonly definition: Definition;
}

export interface DraftOfEditor {
  /** What the form shows: the draft, or the agent if nothing was changed. */
  readonly definition: Definition;
  /** The version that a save is compared with. */
  readonly base: number;
  readonly isChanged: boolean;
  /** Whether a reload would lose the draft. */
  readonly isTooLarge: boolean;
  edit(definition: Definition): void;
  discard(): void;
  /** @param sent what was saved as the version; what was changed since is kept */
  saved(sent: Definition, version: number): void;
}

/** What the operator changed and has not saved, kept in the tab. */
export function useDraft(org: string, agent: string, current: Current): DraftOfEditor {
  const [draft, setDraft] = useState(() => storedDraft(org, agent));
  const [isTooLarge, setTooLarge] = useState(false);
  // A save that began before the last change ends after it.
  const latest = useRef(draft);

  function keep(next: Draft | undefined): void {
    latest.current = next;
    setDraft(next);
    setTooLarge(!storeDraft(org, agent, next));
  }

  return {
    definition: draft?.definition ?? current.definition,
    base: draft?.base ?? current.version,
    isChanged: draft !== undefined,
    isTooLarge,
    edit(definition) {
      const base = draft?.base ?? current.version;
      const isBack = base === current.version && isSameDefinition(definition, current.definition);
      keep(isBack ? undefined : { base, definition });
    },
    discard: () => keep(undefined),
    saved(sent, version) {
      const now = latest.current;
      const isNewer = now !== undefined && now.definition !== sent;
      keep(isNewer ? { base: version, definition: now.definition } : undefined);
    },
  };
}

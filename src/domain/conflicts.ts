import type { Actor } from './origin.ts';

/** A field that was changed by both sides of a merge, as an error shows it (merge-import.ts). */
export interface ShownConflict {
  readonly section: string;
  readonly itemId?: string;
  readonly path: string;
  readonly base?: unknown;
  readonly theirs?: unknown;
  readonly yours?: unknown;
  /** Who changed their side. Unset if the history that is kept does not say it. */
  readonly theirActor?: Actor;
  readonly theirVersion?: number;
  /** ISO-8601. */
  readonly theirAt?: string;
  /** Whether `base`, `theirs` and `yours` are left out: all conflicts together would be too long. */
  readonly valuesOmitted?: true;
}

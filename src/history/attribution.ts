import type { AgentContent } from '../domain/agents.ts';
import { type Change, sectionChanges } from '../domain/changes.ts';
import { isBelow } from '../domain/field-paths.ts';
import type { HistorySection } from '../domain/history.ts';
import type { Conflict } from '../domain/merge.ts';
import type { VersionRef } from './collection.ts';

/** A version of an agent with what it changed, as the history keeps it. */
export interface KeptVersion extends VersionRef {
  readonly number: number;
  readonly sections: readonly HistorySection[];
  content(): AgentContent;
}

/** Finds the versions that made the changes of their side, the newest first. */
export class Attribution {
  readonly #found = new Map<Conflict, VersionRef>();
  #open: readonly Conflict[];
  #later: KeptVersion | undefined;

  constructor(conflicts: readonly Conflict[]) {
    this.#open = conflicts;
  }

  /** The version that changed the field last; unset if no examined version did. */
  get found(): ReadonlyMap<Conflict, VersionRef> {
    return this.#found;
  }

  get isComplete(): boolean {
    return this.#open.length === 0;
  }

  /** Examines a version, whose successor was examined before it. */
  examine(version: KeptVersion): void {
    const later = this.#later;
    this.#later = version;
    if (!later) return;
    const asked = this.#open.filter(({ section }) => later.sections.includes(section));
    if (asked.length === 0) return;
    const [before, after] = [version.content(), later.content()];
    for (const section of new Set(asked.map((it) => it.section))) {
      const changes = sectionChanges(section, before, after);
      for (const conflict of asked) {
        if (conflict.section === section && changes.some((it) => isAbout(it, conflict))) {
          this.#found.set(conflict, later);
        }
      }
    }
    this.#open = this.#open.filter((it) => !this.#found.has(it));
  }
}

function isAbout(change: Change, { itemId, path }: Conflict): boolean {
  if (change.itemId !== itemId) return false;
  const isSame = change.path === path || path === '' || change.path === '';
  return isSame || isBelow(change.path, path) || isBelow(path, change.path);
}

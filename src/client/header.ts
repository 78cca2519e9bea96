import type { AgentDocument } from './agent-file.ts';
import type { Change, Conflict, Side } from './plan.ts';

/** The name and the description of an agent: no part of its definition. */
export interface Header {
  readonly name: string;
  readonly description: string | undefined;
}

export interface MergedHeader {
  readonly header: Header;
  readonly changes: readonly Change[];
  readonly conflicts: readonly Conflict[];
}

const FIELDS = ['name', 'description'] as const;

export function headerOf({ agent: { name, description } }: AgentDocument): Header {
  return { name, description };
}

/** Merges two edits of a header by their common base, field by field. */
export function mergedHeader(
  base: Header,
  theirs: Header,
  yours: Header,
  onConflict: Side | undefined,
): MergedHeader {
  const changes: Change[] = [];
  const conflicts: Conflict[] = [];
  const header = { ...theirs };
  for (const path of FIELDS) {
    const isYours = yours[path] !== base[path] && yours[path] !== theirs[path];
    if (isYours && theirs[path] !== base[path]) {
      const { [path]: before } = base;
      conflicts.push({
        section: 'agent',
        path,
        base: before,
        theirs: theirs[path],
        yours: yours[path],
      });
      if (onConflict !== 'yours') continue;
    }
    if (isYours) {
      Object.assign(header, { [path]: yours[path] });
      changes.push(changeOf(path, theirs[path], yours[path]));
    }
  }
  return { header, changes, conflicts };
}

function changeOf(path: string, before: string | undefined, after: string | undefined): Change {
  if (before === undefined) return { section: 'agent', path, kind: 'added', after };
  if (after === undefined) return { section: 'agent', path, kind: 'removed', before };
  return { section: 'agent', path, kind: 'changed', before, after };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { UNBOUNDED } from './bounds.ts';
import type { DeclaredIndexes, Environment } from './lmdb-environment.ts';
import type { LmdbIndex } from './lmdb-index.ts';
import { type CollectionSpec, type Doc, StoreMisconfigured } from './port.ts';

/** How long a slice keeps the event loop, and the one lock of all writers. */
const MAX_SLICE_MS = 5;
/** Between slices, other processes write. */
const PAUSE_MS = 1;

/** The documents of a collection. */
interface DocSource {
  readonly isEmpty: () => boolean;
  /** Behind a key, in the order of their keys; all without one. */
  readonly after: (key: string | undefined) => Iterable<Doc>;
}

interface Build {
  readonly environment: Environment;
  readonly spec: CollectionSpec;
  readonly docs: DocSource;
  readonly indexes: ReadonlyMap<string, LmdbIndex>;
  /** No longer declared. No database can be opened inside a transaction. */
  readonly dropped: readonly LmdbIndex[];
}

/** @property missing the indexes that were missing when the slice began */
interface Slice {
  readonly missing: readonly string[];
  readonly complete: boolean;
  readonly hasDocs: boolean;
}

/**
 * Creates the entries of indexes that were declared after documents were written, and clears
 * indexes that are no longer declared.
 *
 * Each slice is a commit, with the position that it reached: after a crash the next start
 * resumes there, and processes that start at once share the work. A process that has the index
 * open writes its entries itself, so its writes are right behind the position and before it.
 *
 * @returns the indexes created for documents that existed
 * @throws StoreMisconfigured when a process with other indexes opens the collection meanwhile
 */
export async function buildIndexes(parts: Omit<Build, 'dropped'>): Promise<readonly string[]> {
  const build = { ...parts, dropped: droppedOf(parts) };
  const first = await parts.environment.write(UNBOUNDED, () => slice(build, true));
  for (let { complete } = first; !complete; ) {
    await sleep(PAUSE_MS);
    ({ complete } = await parts.environment.write(UNBOUNDED, () => slice(build, false)));
  }
  return first.hasDocs ? first.missing : [];
}

function droppedOf({ environment, spec }: Omit<Build, 'dropped'>): readonly LmdbIndex[] {
  const known = [
    ...environment.madeIndexes(spec.name),
    ...(environment.buildOf(spec.name)?.indexes ?? []),
  ];
  const names = new Set(known.map(([name]) => name).filter((name) => !(name in spec.indexes)));
  return [...names].map((name) => environment.openIndex(spec.name, name, { eq: [], order: 'key' }));
}

/** Inside a write. */
function slice({ environment, spec, docs, indexes, dropped }: Build, first: boolean): Slice {
  const { name } = spec;
  const deadline = performance.now() + MAX_SLICE_MS;
  const declared = declaredOf(spec);
  const made = new Map(environment.madeIndexes(name));
  const missing = declared.filter(([index, text]) => made.get(index) !== text);
  const names = missing.map(([index]) => index);
  const result = { missing: names, complete: true, hasDocs: !docs.isEmpty() };
  if (missing.length === 0 && dropped.length === 0) return result;

  const building = names.flatMap((index) => indexes.get(index) ?? []);
  let after = environment.buildOf(name)?.after;
  if (JSON.stringify(environment.buildOf(name)?.indexes) !== JSON.stringify(missing)) {
    if (!first) throw otherVersion(name);
    for (const index of [...dropped, ...building]) index.clear();
    const kept = declared.filter(([index]) => !names.includes(index));
    environment.noteIndexes(name, kept);
    after = undefined;
  }
  for (const doc of missing.length === 0 ? [] : docs.after(after)) {
    for (const index of building) index.change(undefined, doc);
    if (performance.now() < deadline) continue;
    environment.noteBuild(name, { indexes: missing, after: doc.key });
    return { ...result, complete: false };
  }
  environment.noteIndexes(name, declared);
  environment.noteBuild(name, undefined);
  return result;
}

/** How each index is declared, as the store notes it. */
export function declaredOf({ indexes }: CollectionSpec): DeclaredIndexes {
  return Object.entries(indexes).map(([name, spec]) => [name, JSON.stringify(spec)] as const);
}

function otherVersion(collection: string): StoreMisconfigured {
  return new StoreMisconfigured(
    `another version of this program opened the store of STORE_URL while the indexes of '${collection}' were built: stop it, then start again`,
  );
}

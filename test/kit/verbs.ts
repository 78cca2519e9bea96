import type { Bounds } from '../../src/store/bounds.ts';
import type { Collection, CollectionSpec, Doc, Increment, Store } from '../../src/store/port.ts';
import type { Write } from '../../src/store/writes.ts';

/** A collection with a verb for each commit of one kind, for tests of the store. */
export interface WithVerbs<D extends Doc> extends Collection<D> {
  /** @returns false when the key is taken */
  insert(bounds: Bounds, doc: D): Promise<boolean>;
  /** @returns false when there is no document of that version */
  replace(bounds: Bounds, doc: D, ifVersion: number): Promise<boolean>;
  /** @returns false when there is none (of that version) */
  delete(bounds: Bounds, key: string, ifVersion?: number): Promise<boolean>;
  increment(bounds: Bounds, increments: readonly Increment[]): Promise<void>;
}

export async function openVerbs<D extends Doc>(
  store: Store,
  spec: CollectionSpec<D>,
): Promise<WithVerbs<D>> {
  const collection = await store.collection(spec);
  const commit = async (bounds: Bounds, ...writes: readonly Write[]) =>
    (await store.commit(bounds, writes)).committed;
  return Object.assign(collection, {
    insert: async (bounds: Bounds, doc: D) => commit(bounds, collection.toInsert(doc)),
    replace: async (bounds: Bounds, doc: D, ifVersion: number) =>
      commit(bounds, collection.toReplace(doc, ifVersion)),
    delete: async (bounds: Bounds, key: string, ifVersion?: number) => {
      const doc = await collection.get(bounds, key, []);
      if (!doc || (ifVersion !== undefined && doc.version !== ifVersion)) return false;
      return commit(bounds, collection.toDelete(key, doc.version));
    },
    increment: async (bounds: Bounds, increments: readonly Increment[]) => {
      await commit(bounds, ...increments.map((it) => collection.toIncrement(it)));
    },
  });
}

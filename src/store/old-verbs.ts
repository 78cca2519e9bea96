import type { Bounds, MaybePromise } from './bounds.ts';
import { CollectionBase } from './collection-base.ts';
import type { Append, CollectionSpec, Doc, Increment } from './port.ts';
import { Incrementation, type Write } from './writes.ts';

/**
 * TO BE REMOVED. The verbs that write at once, one by one, as a thin layer on
 * `Store.commit`, until every service commits what belongs together.
 */
export interface OldVerbs<D extends Doc> {
  /** @deprecated commit `toInsert`. @returns false, and writes nothing, when the key is taken */
  insert(bounds: Bounds, doc: D): Promise<boolean>;
  /** @deprecated commit `toReplace`. @returns false when there is no document of that version */
  replace(bounds: Bounds, doc: D, ifVersion: number): Promise<boolean>;
  /** @deprecated commit `toDelete`. @returns false when there is none (of that version) */
  delete(bounds: Bounds, key: string, ifVersion?: number): Promise<boolean>;
  /** @deprecated commit `toIncrement` */
  increment(bounds: Bounds, increments: readonly Increment[]): Promise<void>;
  /**
   * @deprecated read which keys exist, then commit `toInsert` and `toIncrement`; on a conflict
   * again. Inserts the documents whose key is new and makes the increments of exactly these.
   *
   * @returns how many documents were new
   */
  append(bounds: Bounds, entries: readonly Append<D>[]): Promise<number>;
}

/** TO BE REMOVED: collections extend `CollectionBase` then. */
export abstract class WithOldVerbs<D extends Doc> extends CollectionBase<D> implements OldVerbs<D> {
  abstract getMany(
    bounds: Bounds,
    keys: readonly string[],
    fields?: readonly string[],
  ): MaybePromise<(D | undefined)[]>;

  async insert(bounds: Bounds, doc: D): Promise<boolean> {
    return (await this.commit(bounds, [this.toInsert(doc)])).committed;
  }

  async replace(bounds: Bounds, doc: D, ifVersion: number): Promise<boolean> {
    return (await this.commit(bounds, [this.toReplace(doc, ifVersion)])).committed;
  }

  async delete(bounds: Bounds, key: string, ifVersion?: number): Promise<boolean> {
    for (;;) {
      const [doc] = await this.getMany(bounds, [key], []);
      if (!doc || (ifVersion !== undefined && doc.version !== ifVersion)) return false;
      const { committed } = await this.commit(bounds, [this.toDelete(key, doc.version)]);
      if (committed) return true;
    }
  }

  async increment(bounds: Bounds, increments: readonly Increment[]): Promise<void> {
    if (increments.length === 0) return bounds.assertWanted();
    await this.commit(
      bounds,
      increments.map((it) => this.toIncrement(it)),
    );
  }

  async append(bounds: Bounds, entries: readonly Append<D>[]): Promise<number> {
    for (;;) {
      const keys = [...new Set(entries.map(({ doc }) => doc.key))];
      const found = await this.getMany(bounds, keys, []);
      const free = new Set(keys.filter((_, i) => !found[i]));
      const writes: Write[] = [];
      let fresh = 0;
      for (const { doc, increments } of entries) {
        // The first of each key.
        if (!free.delete(doc.key)) continue;
        fresh += 1;
        writes.push(this.toInsert(doc));
        for (const { collection, ...increment } of increments) {
          writes.push(new Incrementation(bareSpec(collection), increment));
        }
      }
      if (fresh === 0) return 0;
      const { committed } = await this.commit(bounds, writes);
      if (committed) return fresh;
    }
  }
}

/** Appends name collections alone, so index sizes of their summaries are not checked here. */
function bareSpec(name: string): CollectionSpec {
  return { name, indexes: {} };
}

import type { Bounds } from './bounds.ts';
import type { CollectionSpec, CommitResult, Doc, Increment } from './port.ts';
import { Delete, Incrementation, Insert, Replace, type Write } from './writes.ts';

export type Commit = (bounds: Bounds, writes: readonly Write[]) => Promise<CommitResult>;

/** What the collections of both back ends share: they construct writes. */
export abstract class CollectionBase<D extends Doc> {
  protected readonly spec: CollectionSpec<D>;
  protected readonly commit: Commit;

  constructor(spec: CollectionSpec<D>, commit: Commit) {
    this.spec = spec;
    this.commit = commit;
  }

  toInsert(doc: D): Write {
    return new Insert(this.spec, doc);
  }

  toReplace(doc: D, ifVersion: number): Write {
    return new Replace(this.spec, doc, ifVersion);
  }

  toDelete(key: string, ifVersion?: number): Write {
    return new Delete(this.spec, key, ifVersion);
  }

  toIncrement(increment: Increment): Write {
    return new Incrementation(this.spec, increment);
  }
}

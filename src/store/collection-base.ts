import type { CollectionSpec, Doc, Increment } from './port.ts';
import { Delete, Incrementation, Insert, Replace, type Write } from './writes.ts';

/** What the collections of both back ends share: they construct writes. */
export abstract class CollectionBase<D extends Doc> {
  protected readonly spec: CollectionSpec<D>;

  constructor(spec: CollectionSpec<D>) {
    this.spec = spec;
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

import type { Bounds } from '../src/store/bounds.ts';
import type {
  Collection,
  CollectionSpec,
  CommitResult,
  Doc,
  DocRef,
  Page,
  RangeScan,
  Store,
} from '../src/store/port.ts';
import type { Write } from '../src/store/writes.ts';

/**
 * The shards that a command reaches (docs/sharding.md): those of the named keys, one that has a
 * range of keys, the primary one of a collection that is not sharded, or all of them.
 */
export type Reach = 'key' | 'range' | 'primary' | 'all';

/** One command that a server would be sent. */
export interface Command {
  readonly verb: 'get' | 'scan' | 'versions' | 'commit';
  readonly collections: readonly string[];
  readonly documents: number;
  /** Of the documents as JSON. */
  readonly bytes: number;
  readonly reach: Reach;
}

/** Notes each command, and passes it on to a real store. */
export class RecordingStore implements Store {
  readonly traits: Store['traits'];
  readonly #store: Store;
  readonly #specs = new Map<string, CollectionSpec>();
  #commands: Command[] = [];

  constructor(store: Store) {
    this.#store = store;
    this.traits = store.traits;
  }

  /** The commands since the last call. */
  taken(): readonly Command[] {
    const commands = this.#commands;
    this.#commands = [];
    return commands;
  }

  async collection<D extends Doc>(spec: CollectionSpec<D>): Promise<Collection<D>> {
    this.#specs.set(spec.name, spec);
    const inner = await this.#store.collection(spec);
    const note = (verb: 'get' | 'scan', docs: readonly (D | undefined)[], reach: Reach) => {
      const documents = docs.filter((doc) => doc !== undefined);
      const bytes = documents.reduce((sum, doc) => sum + bytesOf(doc), 0);
      const collections = [spec.name];
      this.#commands.push({ verb, collections, documents: documents.length, bytes, reach });
    };
    const ofKeys = spec.keyedBy === undefined ? 'primary' : 'key';
    return {
      get: async (bounds, key, fields) => {
        const doc = await inner.get(bounds, key, fields);
        note('get', [doc], ofKeys);
        return doc;
      },
      getMany: async (bounds, keys, fields) => {
        const docs = await inner.getMany(bounds, keys, fields);
        note('get', docs, ofKeys);
        return docs;
      },
      scan: async (bounds, scan) => {
        const page = await inner.scan(bounds, scan);
        note('scan', page.docs, reachOf(spec, [scan]));
        return page;
      },
      scanMany: async (bounds, scans): Promise<Page<D>[]> => {
        const pages = await inner.scanMany(bounds, scans);
        note(
          'scan',
          pages.flatMap(({ docs }) => docs),
          reachOf(spec, scans),
        );
        return pages;
      },
      toInsert: (doc) => inner.toInsert(doc),
      toReplace: (doc, ifVersion) => inner.toReplace(doc, ifVersion),
      toDelete: (key, ifVersion) => inner.toDelete(key, ifVersion),
      toIncrement: (increment) => inner.toIncrement(increment),
    };
  }

  async commit(bounds: Bounds, writes: readonly Write[]): Promise<CommitResult> {
    const result = await this.#store.commit(bounds, writes);
    const collections = [...new Set(writes.map(({ collection }) => collection))];
    const bytes = writes.reduce((sum, write) => sum + bytesOf(write), 0);
    const isSharded = collections.some((name) => this.#specs.get(name)?.keyedBy !== undefined);
    const reach = isSharded ? 'key' : 'primary';
    this.#commands.push({ verb: 'commit', collections, documents: writes.length, bytes, reach });
    return result;
  }

  async versions(bounds: Bounds, refs: readonly DocRef[]): Promise<(number | undefined)[]> {
    const versions = await this.#store.versions(bounds, refs);
    for (const name of new Set(refs.map(({ collection }) => collection))) {
      const documents = refs.filter(({ collection }) => collection === name).length;
      const reach = this.#specs.get(name)?.keyedBy === undefined ? 'primary' : 'key';
      this.#commands.push({ verb: 'versions', collections: [name], documents, bytes: 0, reach });
    }
    return versions;
  }

  ping(): Promise<void> {
    return this.#store.ping();
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

function reachOf({ keyedBy, indexes }: CollectionSpec, scans: readonly RangeScan[]): Reach {
  if (keyedBy === undefined) return 'primary';
  const isOne = scans.every(({ index }) => indexes[index]?.eq.includes(keyedBy));
  return isOne ? 'range' : 'all';
}

function bytesOf(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}

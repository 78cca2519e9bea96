import type { MaybePromise } from './bounds.ts';
import type { Collection, CollectionSpec, Doc, Store } from './port.ts';

export type StoreVerb = 'get' | 'getMany' | 'scan' | 'scanMany' | 'commit' | 'versions' | 'ping';

/** @param error undefined for a call that succeeded */
export type NoteCall = (verb: StoreVerb, ms: number, error: unknown) => void;

/** The same store. Each call is reported when it ends. */
export function timedStore(store: Store, note: NoteCall): Store {
  function timed<T>(verb: StoreVerb, call: () => Promise<T>): Promise<T>;
  function timed<T>(verb: StoreVerb, call: () => MaybePromise<T>): MaybePromise<T>;
  function timed<T>(verb: StoreVerb, call: () => MaybePromise<T>): MaybePromise<T> {
    const startedAt = performance.now();
    const end = (error?: unknown) => note(verb, performance.now() - startedAt, error);
    const fail = (error: unknown): never => {
      end(error);
      throw error;
    };
    try {
      const result = call();
      if (!(result instanceof Promise)) {
        end();
        return result;
      }
      return result.then((it) => {
        end();
        return it;
      }, fail);
    } catch (error) {
      return fail(error);
    }
  }
  const timedCollection = <D extends Doc>(inner: Collection<D>): Collection<D> => ({
    get: (...args) => timed('get', () => inner.get(...args)),
    getMany: (...args) => timed('getMany', () => inner.getMany(...args)),
    scan: (...args) => timed('scan', () => inner.scan(...args)),
    scanMany: (...args) => timed('scanMany', () => inner.scanMany(...args)),
    toInsert: (doc) => inner.toInsert(doc),
    toReplace: (doc, ifVersion) => inner.toReplace(doc, ifVersion),
    toDelete: (key, ifVersion) => inner.toDelete(key, ifVersion),
    toIncrement: (increment) => inner.toIncrement(increment),
  });
  return {
    traits: store.traits,
    collection: async <D extends Doc>(spec: CollectionSpec<D>) =>
      timedCollection(await store.collection(spec)),
    commit: (...args) => timed('commit', () => store.commit(...args)),
    versions: (...args) => timed('versions', () => store.versions(...args)),
    ping: () => timed('ping', () => store.ping()),
    close: () => store.close(),
  };
}

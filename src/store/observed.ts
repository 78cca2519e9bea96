import type { Bounds, MaybePromise } from './bounds.ts';
import type { Collection, CollectionSpec, Doc, Store } from './port.ts';

export type StoreVerb = 'get' | 'getMany' | 'scan' | 'scanMany' | 'commit' | 'versions' | 'ping';

/** A call of the store. */
export interface StoreCall {
  readonly verb: StoreVerb;
  /** Undefined for a verb that names none, or several. */
  readonly collection: string | undefined;
  /** Undefined for `ping`. */
  readonly bounds: Bounds | undefined;
}

/** Called when a call has ended. @param error undefined for a call that succeeded */
export type CallEnded = (error?: unknown) => void;

/** Called when a call begins. */
export type CallObserver = (call: StoreCall) => CallEnded;

/** The same store, whose calls are observed. */
export function observedStore(store: Store, observe: CallObserver): Store {
  function observed<T>(
    verb: StoreVerb,
    collection: string | undefined,
    bounds: Bounds | undefined,
    call: () => Promise<T>,
  ): Promise<T>;
  function observed<T>(
    verb: StoreVerb,
    collection: string | undefined,
    bounds: Bounds | undefined,
    call: () => MaybePromise<T>,
  ): MaybePromise<T>;
  function observed<T>(
    verb: StoreVerb,
    collection: string | undefined,
    bounds: Bounds | undefined,
    call: () => MaybePromise<T>,
  ): MaybePromise<T> {
    const ended = observe({ verb, collection, bounds });
    const fail = (error: unknown): never => {
      ended(error);
      throw error;
    };
    try {
      const result = call();
      if (!(result instanceof Promise)) {
        ended();
        return result;
      }
      return result.then((it) => {
        ended();
        return it;
      }, fail);
    } catch (error) {
      return fail(error);
    }
  }
  const observedCollection = <D extends Doc>(
    name: string,
    inner: Collection<D>,
  ): Collection<D> => ({
    get: (bounds, ...args) => observed('get', name, bounds, () => inner.get(bounds, ...args)),
    getMany: (bounds, ...args) =>
      observed('getMany', name, bounds, () => inner.getMany(bounds, ...args)),
    scan: (bounds, ...args) => observed('scan', name, bounds, () => inner.scan(bounds, ...args)),
    scanMany: (bounds, ...args) =>
      observed('scanMany', name, bounds, () => inner.scanMany(bounds, ...args)),
    toInsert: (doc) => inner.toInsert(doc),
    toReplace: (doc, ifVersion) => inner.toReplace(doc, ifVersion),
    toDelete: (key, ifVersion) => inner.toDelete(key, ifVersion),
    toIncrement: (increment) => inner.toIncrement(increment),
  });
  return {
    traits: store.traits,
    collection: async <D extends Doc>(spec: CollectionSpec<D>) =>
      observedCollection(spec.name, await store.collection(spec)),
    commit: (bounds, ...args) =>
      observed('commit', undefined, bounds, () => store.commit(bounds, ...args)),
    versions: (bounds, ...args) =>
      observed('versions', undefined, bounds, () => store.versions(bounds, ...args)),
    ping: () => observed('ping', undefined, undefined, () => store.ping()),
    close: () => store.close(),
  };
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Inspection } from './inspection.ts';
import { openLmdb } from './lmdb.ts';
import { DATA_FILE } from './lmdb-file.ts';
import { inspectLmdb } from './lmdb-inspection.ts';
import { observedStore } from './observed.ts';
import type { Store, StoreEvents } from './port.ts';

export type StoreLocation =
  | { readonly kind: 'lmdb'; readonly path: string }
  | { readonly kind: 'mongodb'; readonly url: string };

const IN_MEMORY = ':memory:';

/** Reads a `STORE_URL`; undefined when it is of neither form. */
export function parseStoreUrl(url: string): StoreLocation | undefined {
  if (/^mongodb(\+srv)?:\/\/./.test(url)) return { kind: 'mongodb', url };
  if (/^lmdb:./.test(url)) return { kind: 'lmdb', path: url.slice('lmdb:'.length) };
  return undefined;
}

/** The folder of an embedded store that was never opened; undefined for every other store. */
export function missingFolder(location: StoreLocation): string | undefined {
  if (location.kind !== 'lmdb' || location.path === IN_MEMORY) return undefined;
  return existsSync(join(location.path, DATA_FILE)) ? undefined : location.path;
}

/** @throws StoreUnavailable when the store cannot be reached or opened, StoreMisconfigured */
export async function openStore(location: StoreLocation, events?: StoreEvents): Promise<Store> {
  const store = await openUnobserved(location, events);
  return events?.calls ? observedStore(store, events.calls) : store;
}

async function openUnobserved(location: StoreLocation, events?: StoreEvents): Promise<Store> {
  if (location.kind === 'lmdb') return openLmdb(location.path, events);
  // Loaded where it is used: a start on the embedded store need not wait for the driver.
  const { openMongo } = await import('./mongo.ts');
  return openMongo(location.url, events);
}

/** Opens a store that exists, for reading alone. @throws StoreUnavailable, StoreMisconfigured */
export async function inspectStore(location: StoreLocation): Promise<Inspection> {
  if (location.kind === 'lmdb') return inspectLmdb(location.path);
  const { inspectMongo } = await import('./mongo-inspection.ts');
  return inspectMongo(location.url);
}

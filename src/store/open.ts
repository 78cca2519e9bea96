import { openLmdb } from './lmdb.ts';
import { openMongo } from './mongo.ts';
import type { Store, StoreEvents } from './port.ts';

export type StoreLocation =
  | { readonly kind: 'lmdb'; readonly path: string }
  | { readonly kind: 'mongodb'; readonly url: string };

/** Reads a `STORE_URL`; undefined when it is of neither form. */
export function parseStoreUrl(url: string): StoreLocation | undefined {
  if (/^mongodb(\+srv)?:\/\/./.test(url)) return { kind: 'mongodb', url };
  if (/^lmdb:./.test(url)) return { kind: 'lmdb', path: url.slice('lmdb:'.length) };
  return undefined;
}

/** @throws StoreUnavailable when the store cannot be reached or opened */
export async function openStore(location: StoreLocation, events?: StoreEvents): Promise<Store> {
  return location.kind === 'mongodb'
    ? openMongo(location.url, events)
    : openLmdb(location.path, events);
}

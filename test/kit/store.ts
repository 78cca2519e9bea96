import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { openStore, parseStoreUrl } from '../../src/store/open.ts';
import type { Store } from '../../src/store/port.ts';

/**
 * The URL of a database of its own on the server that `MONGODB_URL` names;
 * undefined when it names none. The test that creates it drops it.
 */
export function testDatabase(): string | undefined {
  const server = process.env.MONGODB_URL;
  if (!server) return undefined;
  const url = new URL(server);
  url.pathname = `/test-${randomUUID().slice(0, 13)}`;
  return url.href;
}

/**
 * Whether the tests run on a MongoDB, which may be slower by far: a test that tries many values,
 * where few of them matter to a store, tries fewer.
 */
export const isOnMongodb = Boolean(process.env.MONGODB_URL);

export async function dropDatabase(url: string): Promise<void> {
  const client = await MongoClient.connect(url);
  try {
    await client.db(new URL(url).pathname.slice(1)).dropDatabase();
  } finally {
    await client.close();
  }
}

const SECRETS_KEY = Buffer.alloc(32, 7).toString('base64');

/** The store that the tests run on: MongoDB where `MONGODB_URL` names one, else embedded. */
export function testStore(): { STORE_URL: string; SECRETS_KEY: string } {
  return { STORE_URL: testDatabase() ?? 'lmdb::memory:', SECRETS_KEY };
}

/** As `testStore`, a store that several servers can open. */
export function sharedStore() {
  const folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
  const database = testDatabase();
  return {
    environment: { STORE_URL: database ?? `lmdb:${folder}`, SECRETS_KEY },
    /** Called when no server has it open any more. */
    async remove() {
      rmSync(folder, { recursive: true, force: true });
      if (database) await dropDatabase(database);
    },
  };
}

/** Opens a new store; closing it removes it. */
export async function openTestStore(): Promise<Store> {
  const { STORE_URL } = testStore();
  const location = parseStoreUrl(STORE_URL);
  if (!location) throw new Error(`no store: ${STORE_URL}`);
  const store = await openStore(location);
  return {
    traits: store.traits,
    collection: (spec) => store.collection(spec),
    commit: (bounds, writes) => store.commit(bounds, writes),
    versions: (bounds, refs) => store.versions(bounds, refs),
    ping: () => store.ping(),
    async close() {
      await store.close();
      if (location.kind === 'mongodb') await dropDatabase(location.url);
    },
  };
}

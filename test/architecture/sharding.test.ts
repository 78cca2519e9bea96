import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { openServices } from '../../src/server/compose.ts';
import { readSettings } from '../../src/server/settings.ts';
import * as lmdb from '../../src/store/lmdb.ts';
import type { CollectionSpec } from '../../src/store/port.ts';

interface Row {
  readonly sharded: boolean;
  readonly begins: string;
}

/** The rows of the page's first table, by collection. */
function documented(): ReadonlyMap<string, Row> {
  const page = readFileSync('docs/sharding.md', 'utf8');
  const rows = page.matchAll(/^\| `(\w+)` \| (yes|no) \| ([^|]+) \| [^|]+ \|$/gm);
  return new Map(
    [...rows].map(([, name = '', sharded, begins = '']) => [
      name,
      { sharded: sharded === 'yes', begins },
    ]),
  );
}

/** Every collection that the services open. */
async function declared(): Promise<ReadonlyMap<string, CollectionSpec>> {
  const specs = new Map<string, CollectionSpec>();
  const open = await lmdb.openLmdb(':memory:');
  const prototype = Object.getPrototypeOf(open);
  await open.close();
  const { collection } = prototype;
  const spy = vi.spyOn(prototype, 'collection').mockImplementation(function (
    this: unknown,
    spec: unknown,
  ) {
    specs.set((spec as CollectionSpec).name, spec as CollectionSpec);
    return collection.call(this, spec);
  });
  const services = await openServices(readSettings({ STORE_URL: 'lmdb::memory:' }));
  await services.close();
  spy.mockRestore();
  return specs;
}

it('docs/sharding.md lists every collection, with what its keys begin with', async () => {
  const page = documented();
  const specs = await declared();
  expect([...page.keys()]).toEqual([...specs.keys()].sort());
  for (const [name, { sharded, begins }] of page) {
    const { keyedBy } = specs.get(name) ?? {};
    if (sharded) expect(keyedBy, name).toBe(begins);
    if (keyedBy !== undefined) expect(begins, name).toBe(keyedBy);
  }
});

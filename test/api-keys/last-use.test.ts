import { afterEach, beforeEach, expect, it } from 'vitest';
import { API_KEY_USES, API_KEYS, type ApiKeyUseDoc } from '../../src/api-keys/collection.ts';
import { LastUse, WRITE_EVERY_MS } from '../../src/api-keys/last-use.ts';
import { ApiKeyService } from '../../src/api-keys/service.ts';
import { PageTokens } from '../../src/paging/page-token.ts';
import { Pager } from '../../src/paging/pager.ts';
import { systemEffects } from '../../src/server/effects.ts';
import type { Collection, Store } from '../../src/store/port.ts';
import { openLog } from '../kit/changes.ts';
import { openTestStore } from '../kit/store.ts';
import { WORK } from '../kit/work.ts';

const START = Date.parse('2026-01-01T00:00:00.000Z');
const MINUTE = 60_000;

let store: Store;
let uses: Collection<ApiKeyUseDoc>;
let service: ApiKeyService;
let lastUse: LastUse;
let commits: number;
/** What the store refuses commits with, if it does. */
let failure: Error | undefined;

beforeEach(async () => {
  store = await openTestStore();
  uses = await store.collection(API_KEY_USES);
  const keys = await store.collection(API_KEYS);
  const effects = systemEffects();
  service = new ApiKeyService({
    store,
    keys,
    uses,
    pager: new Pager(new PageTokens(Buffer.alloc(32, 2))),
    effects,
    log: (await openLog(store, { effects })).log,
  });
  commits = 0;
  failure = undefined;
  const counted: Pick<Store, 'commit'> = {
    commit(work, writes) {
      if (failure) throw failure;
      commits += 1;
      return store.commit(work, writes);
    },
  };
  lastUse = new LastUse(counted, uses, keys);
});
afterEach(() => store.close());

async function mint(): Promise<string> {
  const content = { name: 'K', role: 'viewer', scopes: [] } as const;
  return (await service.mint(WORK, 'acme', content)).doc.key;
}

const stored = async (key: string) => (await uses.get(WORK, key))?.lastUsedAt;
const iso = (at: number) => new Date(at).toISOString();

it('writes the use of a busy key once in some minutes, and shows it exactly meanwhile', async () => {
  const key = await mint();
  const hour = 60 * MINUTE;
  for (let passed = 0; passed < hour; passed += MINUTE / 2) {
    lastUse.note(key, START + passed);
    await lastUse.flush(WORK, START + passed);
    expect(await lastUse.lastUsedAt(WORK, [key])).toEqual([iso(START + passed)]);
  }
  expect(commits).toBe(hour / WRITE_EVERY_MS);
  const behind = START + hour - Date.parse((await stored(key)) ?? '');
  expect(behind).toBeLessThanOrEqual(WRITE_EVERY_MS);
});

it('writes the last use of a key that is not used again', async () => {
  const key = await mint();
  lastUse.note(key, START);
  await lastUse.flush(WORK, START);
  lastUse.note(key, START + MINUTE);
  await lastUse.flush(WORK, START + MINUTE);
  expect(await stored(key)).toBe(iso(START));
  await lastUse.flush(WORK, START + WRITE_EVERY_MS);
  expect(await stored(key)).toBe(iso(START + MINUTE));
  await lastUse.flush(WORK, START + 3 * WRITE_EVERY_MS);
  expect(commits).toBe(2);
});

it('writes what is left when the process stops', async () => {
  const key = await mint();
  lastUse.note(key, START);
  await lastUse.flush(WORK, START);
  lastUse.note(key, START + MINUTE);
  await lastUse.stop(WORK);
  expect(await stored(key)).toBe(iso(START + MINUTE));
});

it('writes a use again whose write failed', async () => {
  const key = await mint();
  lastUse.note(key, START);
  failure = new Error('no disk');
  await expect(lastUse.flush(WORK, START)).rejects.toThrow('no disk');
  failure = undefined;
  await lastUse.flush(WORK, START + MINUTE);
  expect(await stored(key)).toBe(iso(START));
});

it('shows the latest use of any process', async () => {
  const key = await mint();
  lastUse.note(key, START);
  const late = iso(START + MINUTE);
  await store.commit(WORK, [uses.toIncrement({ key, max: { lastUsedAt: late } })]);
  expect(await lastUse.lastUsedAt(WORK, [key])).toEqual([late]);
});

it('leaves nothing of a key that another process removed', async () => {
  const key = await mint();
  lastUse.note(key, START);
  await service.delete(WORK, 'acme', key.slice('acme/'.length));
  await lastUse.flush(WORK, START);
  expect(await stored(key)).toBeUndefined();
  expect(await lastUse.lastUsedAt(WORK, [key])).toEqual([undefined]);
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '../../src/auth/principal.ts';
import { CHANGES } from '../../src/changes/collection.ts';
import { IDEMPOTENCY, type IdempotencyDoc } from '../../src/idempotency/collection.ts';
import { IdempotencyRecords, type KeptResponse } from '../../src/idempotency/records.ts';
import { IdempotencySweep } from '../../src/idempotency/sweep.ts';
import { Keyring } from '../../src/secrets/keyring.ts';
import { type OpenServices, openServices } from '../../src/server/compose.ts';
import { readSettings } from '../../src/server/settings.ts';
import type { Collection } from '../../src/store/port.ts';
import { OpenWork } from '../../src/work.ts';
import { testStore } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

const LEASE_MS = 90_000;
const DAY_MS = 24 * 3_600_000;

let open: OpenServices;
let docs: Collection<IdempotencyDoc>;
/** Milliseconds since 1970. */
let clock: number;
const now = () => new Date(clock);
beforeEach(async () => {
  clock = Date.parse('2026-11-25T12:00:00Z');
  open = await openServices(readSettings(testStore()));
  docs = await open.store.collection(IDEMPOTENCY);
});
afterEach(() => open.close());

const ring = (byte: number) => new Keyring(Buffer.alloc(32, byte));

/** As each process has them. */
async function recordsOf(keyring = ring(1)): Promise<IdempotencyRecords> {
  return new IdempotencyRecords({
    store: open.store,
    records: docs,
    changes: await open.store.collection(CHANGES),
    keyring,
    effects: { now, uid: open.effects.uid },
    leaseMs: LEASE_MS,
  });
}

const principal: Principal = {
  kind: 'apiKey',
  id: 'key_1',
  stamp: 'key 1 1',
  memberships: new Map(),
};
const asked = { principal, key: 'k', request: 'hash of the request' };
const answer: KeptResponse = { status: 201, headers: { ETag: '"1"' }, body: '{"secret":"sesame"}' };

async function begin(records: IdempotencyRecords, more = {}): Promise<IdempotencyDoc> {
  const { record } = await records.begin(WORK, { ...asked, ...more });
  if (!record) throw new Error('there was an answer already');
  return record;
}

const refusal = (code: string) => expect.objectContaining({ code });

describe('a process that died while it executed a request', () => {
  it('blocks the key until the lease ends, in other processes too', async () => {
    const other = await recordsOf();
    await begin(await recordsOf());
    clock += LEASE_MS - 1;
    await expect(other.begin(WORK, asked)).rejects.toEqual(refusal('idempotency.in_flight'));
    clock += 1;
    const taken = await begin(other);
    await expect(other.begin(WORK, asked)).rejects.toEqual(refusal('idempotency.in_flight'));
    await other.complete(WORK, taken, answer);
    expect(await other.begin(WORK, asked)).toEqual({ replay: answer });
  });

  it('lets one of several processes take the request over', async () => {
    const [dead, one, two] = await Promise.all([recordsOf(), recordsOf(), recordsOf()]);
    await begin(dead);
    clock += LEASE_MS;
    const results = await Promise.allSettled([one.begin(WORK, asked), two.begin(WORK, asked)]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('has no answer, and is not executed again, if it had changed something', async () => {
    const records = await recordsOf();
    const { use } = await begin(records);
    const work = new OpenWork({ origin: { ...WORK.origin, idempotencyUse: use } });
    await open.services.agents.create(work, 'acme', { name: 'Made' });
    clock += LEASE_MS;
    for (let i = 0; i < 2; i += 1) {
      await expect(records.begin(WORK, asked)).rejects.toEqual(
        refusal('idempotency.not_replayable'),
      );
    }
  });

  it('does not overwrite the answer of the process that took over', async () => {
    const records = await recordsOf();
    const slow = await begin(records);
    clock += LEASE_MS;
    const fast = await begin(records);
    await records.complete(WORK, fast, answer);
    await records.complete(WORK, slow, { ...answer, status: 500 });
    await records.giveUp(WORK, slow);
    expect(await records.begin(WORK, asked)).toEqual({ replay: answer });
  });
});

describe('a refused request', () => {
  it('frees the key, for another request too', async () => {
    const records = await recordsOf();
    await records.giveUp(WORK, await begin(records));
    await begin(records, { request: 'another' });
  });

  it('keeps the key used if it has changed something', async () => {
    const records = await recordsOf();
    const record = await begin(records);
    const origin = { ...WORK.origin, idempotencyUse: record.use };
    await open.services.agents.create(new OpenWork({ origin }), 'acme', { name: 'Made' });
    await records.giveUp(WORK, record);
    await expect(records.begin(WORK, asked)).rejects.toEqual(refusal('idempotency.not_replayable'));
  });
});

describe('an answer', () => {
  it('is kept sealed', async () => {
    const records = await recordsOf();
    const { key } = await begin(records);
    const [doc] = [await docs.get(WORK, key)];
    if (!doc) throw new Error('there is no record');
    await records.complete(WORK, doc, answer);
    const stored = JSON.stringify(await docs.get(WORK, key));
    expect(stored).not.toContain('sesame');
    expect(stored).not.toContain('"k"');
    const withoutKey = await recordsOf(ring(2));
    await expect(withoutKey.begin(WORK, asked)).rejects.toEqual(
      refusal('idempotency.not_replayable'),
    );
  });

  it('is not the answer to another request, or of another principal', async () => {
    const records = await recordsOf();
    await records.complete(WORK, await begin(records), answer);
    await expect(records.begin(WORK, { ...asked, request: 'another' })).rejects.toEqual(
      refusal('idempotency.key_reused'),
    );
    await begin(records, { principal: { ...principal, kind: 'user' } });
    await begin(records, { principal: { ...principal, id: 'key_2' } });
  });

  it('is kept for 24 hours; then the key is free, whether or not the record was removed', async () => {
    const records = await recordsOf();
    await records.complete(WORK, await begin(records), answer);
    clock += DAY_MS - 1;
    expect(await records.begin(WORK, asked)).toEqual({ replay: answer });
    clock += 1;
    const record = await begin(records, { request: 'another' });
    expect(Date.parse(record.expiresAt)).toBe(clock + DAY_MS);
  });
});

describe('the sweep', () => {
  const COUNT = 120;

  it('removes what has expired, and nothing else, in several processes at once', async () => {
    const records = await recordsOf();
    for (let i = 0; i < COUNT; i += 1) await begin(records, { key: `old-${i}` });
    clock += DAY_MS - 1;
    const young = await begin(records, { key: 'young' });
    const sweep = () => new IdempotencySweep({ store: open.store, records: docs, now }).run();
    const left = async () => {
      const scan = { index: 'byExpiry', eq: [], limit: COUNT * 2, fields: [] };
      return (await docs.scan(WORK, scan)).docs.map(({ key }) => key);
    };
    await sweep();
    expect(await left()).toHaveLength(COUNT + 1);
    clock += 2;
    await Promise.all([sweep(), sweep()]);
    expect(await left()).toEqual([young.key]);
  });
});

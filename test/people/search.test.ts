import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { PEOPLE, type PersonDoc, personKey, searchFields } from '../../src/people/collection.ts';
import { type OpenServices, openServices } from '../../src/server/compose.ts';
import { readSettings } from '../../src/server/settings.ts';
import { testStore } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

const COUNT = 6_000;
let open: OpenServices;
let owner: { org: string; id: string; uid: string };

beforeAll(async () => {
  open = await openServices(readSettings(testStore()));
  owner = await open.services.agents.create(WORK, 'acme', { name: 'Acme SDR' });
  const people = await open.store.collection(PEOPLE);
  const docs = Array.from({ length: COUNT }, (_, i): PersonDoc => {
    const uid = String(i).padStart(6, '0');
    const isLast = i >= COUNT - 2;
    const content = { fullName: `Ann ${uid}`, status: isLast ? 'lost' : 'new' } as const;
    return {
      ...content,
      ...searchFields(content),
      key: personKey(owner, uid),
      owner: `acme/${owner.uid}`,
      org: 'acme',
      agentId: owner.id,
      id: uid,
      uid,
      version: 1,
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
    };
  });
  for (let i = 0; i < COUNT; i += 1_000) {
    const writes = docs.slice(i, i + 1_000).map((doc) => people.toInsert(doc));
    await open.store.commit(WORK, writes);
  }
});
afterAll(() => open.close());

it('finds the few people of a status among thousands that match, on the first page', async () => {
  const found = await open.services.people.list(WORK, owner, { q: 'ann', status: 'lost' });
  expect(found.docs.map(({ id }) => id)).toEqual(['005998', '005999']);
  expect(found.more).toBe(false);
});

it('reads only a page of the people that match', async () => {
  const people = await open.store.collection(PEOPLE);
  const scan = vi.fn(people.scan.bind(people));
  const page = { q: 'ann', first: 3 };
  const found = await open.services.people.list(WORK, owner, page, undefined, { scan });
  expect(found.docs.map(({ id }) => id)).toEqual(['000000', '000001', '000002']);
  expect(scan).toHaveBeenCalledTimes(1);
});

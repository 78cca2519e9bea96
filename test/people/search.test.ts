import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentOwner } from '../../src/agents/collection.ts';
import { PEOPLE, type PersonDoc, personKey, searchFields } from '../../src/people/collection.ts';
import type { PeopleQuery } from '../../src/people/service.ts';
import { type OpenServices, openServices } from '../../src/server/compose.ts';
import { readSettings } from '../../src/server/settings.ts';
import type { Collection, RangeScan } from '../../src/store/port.ts';
import { testStore } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

const COUNT = 10_000;
const RARE = 7;
const PAGE = 20;
let open: OpenServices;
let owner: AgentOwner;
let people: Collection<PersonDoc>;

/** All are called Ann, and their e-mail and their company begin alike; few are lost. */
function content(i: number) {
  const rank = String(i).padStart(6, '0');
  return {
    fullName: `Ann ${rank}`,
    firstName: 'Ann',
    lastName: i % 2 === 0 ? 'Ann' : 'Annan',
    email: `ann.${rank}@acme.example`,
    company: 'Ann Ltd',
    status: i >= COUNT - RARE ? ('lost' as const) : ('new' as const),
  };
}

beforeAll(async () => {
  open = await openServices(readSettings(testStore()));
  owner = await open.services.agents.create(WORK, 'acme', { name: 'Acme SDR' });
  people = await open.store.collection(PEOPLE);
  const docs = Array.from({ length: COUNT }, (_, i): PersonDoc => {
    const id = String(i).padStart(6, '0');
    return {
      ...content(i),
      ...searchFields(content(i)),
      key: personKey(owner, id),
      owner: `acme/${owner.uid}`,
      org: 'acme',
      agentId: owner.id,
      id,
      uid: id,
      version: 1,
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
    };
  });
  for (let i = 0; i < COUNT; i += 500) {
    const writes = docs.slice(i, i + 500).map((doc) => people.toInsert(doc));
    await open.store.commit(WORK, writes);
  }
});
afterAll(() => open.close());

/** Every page of a query, with how many documents each has read. */
async function pagesOf(query: PeopleQuery): Promise<{ ids: string[]; read: number }[]> {
  const pages: { ids: string[]; read: number }[] = [];
  let after: string | undefined;
  do {
    let read = 0;
    const scan = async (work: typeof WORK, asked: RangeScan) => {
      const page = await people.scan(work, asked);
      read += page.docs.length;
      return page;
    };
    const page = { first: PAGE, after, ...query };
    const found = await open.services.people.list(WORK, owner, page, undefined, { scan });
    pages.push({ ids: found.docs.map(({ id }) => id), read });
    after = found.more ? found.endToken() : undefined;
  } while (after !== undefined);
  return pages;
}

const ALL = Array.from({ length: COUNT }, (_, i) => String(i).padStart(6, '0'));

describe('a search among 10,000 people', () => {
  it.each<[string, PeopleQuery, string[]]>([
    ['those of a rare status', { q: 'ann', status: 'lost' }, ALL.slice(-RARE)],
    ['those of no status', { q: 'ann', status: 'converted' }, []],
    [
      'the few whose last name alone matches',
      { q: 'annan', status: 'lost' },
      ['009993', '009995', '009997', '009999'],
    ],
    ['a few by their e-mail', { q: 'ann.00999', status: 'lost' }, ALL.slice(-RARE)],
    ['nobody twice by the company', { q: 'ann ltd', status: 'lost' }, ALL.slice(-RARE)],
  ])('finds %s on one page, and reads no other', async (_, query, expected) => {
    const [page, ...others] = await pagesOf(query);
    expect(others).toEqual([]);
    expect([...(page?.ids ?? [])].sort()).toEqual(expected);
    expect(page?.read).toBeLessThanOrEqual(256);
  });

  it('has no empty page and no repetition, and reads a page alone, to the end', async () => {
    const pages = await pagesOf({ q: 'ann', first: 200 });
    expect(pages.flatMap(({ ids }) => ids)).toEqual(ALL);
    for (const { ids, read } of pages) {
      expect(ids).toHaveLength(200);
      expect(read).toBeLessThanOrEqual(201);
    }
  });

  it('of one field after the other has no empty page', async () => {
    const pages = await pagesOf({ q: 'anna', first: 200 });
    expect(new Set(pages.flatMap(({ ids }) => ids)).size).toBe(COUNT / 2);
    expect(pages.flatMap(({ ids }) => ids)).toHaveLength(COUNT / 2);
    for (const { ids } of pages) expect(ids.length).toBeGreaterThan(0);
  });
});

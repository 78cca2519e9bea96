import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AGENTS, agentDoc } from '../../src/agents/collection.ts';
import { AGENT_SORTS, type AgentQuery, type AgentSort } from '../../src/agents/search.ts';
import { comparedName, isMatch } from '../../src/agents/search-fields.ts';
import type { Agent } from '../../src/domain/agents.ts';
import { type OpenServices, openServices } from '../../src/server/compose.ts';
import { readSettings } from '../../src/server/settings.ts';
import type { Store } from '../../src/store/port.ts';
import { compareText } from '../../src/store/text.ts';
import { testStore } from '../kit/server.ts';
import { dropDatabase } from '../kit/store.ts';
import { WORK } from '../kit/work.ts';

const COUNT = 6_000;
const location = testStore();
let open: OpenServices;

const pad = (n: number) => String(n).padStart(6, '0');

/** Names in another order than the ids, and times of changes in a third one. */
function agentOf(i: number): Agent {
  const team = i < 3 ? 'Rare' : i < COUNT / 2 ? 'Sales' : 'Support';
  return {
    org: 'acme',
    id: `a-${pad(i)}`,
    uid: pad(i),
    historyId: pad(i),
    version: 1,
    name: `Bot ${pad((i * 7_919) % COUNT)} of ${team}`,
    identity: {},
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: new Date(Date.UTC(2026, 0, 1) + ((i * 4_999) % COUNT) * 1_000).toISOString(),
  };
}
const agents = Array.from({ length: COUNT }, (_, i) => agentOf(i));

beforeAll(async () => {
  open = await openServices(readSettings(location));
  const collection = await open.store.collection(AGENTS);
  for (let i = 0; i < COUNT; i += 1_000) {
    const writes = agents.slice(i, i + 1_000).map((it) => collection.toInsert(agentDoc(it)));
    await open.store.commit(WORK, writes);
  }
});
afterAll(async () => {
  await open.close();
  if (location.STORE_URL.startsWith('mongodb')) await dropDatabase(location.STORE_URL);
});

const FIELD = {
  createdAt: ({ uid }) => uid,
  name: ({ name }) => name.toLowerCase(),
  updatedAt: ({ updatedAt }) => updatedAt,
} satisfies Record<string, (agent: Agent) => string>;

/** What a list must hold, from the definition of the sorts and the search. */
function expected(query: string | undefined, sort: AgentSort): string[] {
  const value = FIELD[sort.replace('-', '') as keyof typeof FIELD];
  const direction = sort.startsWith('-') ? -1 : 1;
  return agents
    .filter((it) => query === undefined || isMatch(it, comparedName(query)))
    .sort((a, b) => direction * (compareText(value(a), value(b)) || compareText(a.id, b.id)))
    .map(({ id }) => id);
}

async function listed(query: AgentQuery, pages: number): Promise<string[][]> {
  const all: string[][] = [];
  for (let after: string | undefined; all.length < pages; ) {
    const page = await open.services.agents.list(WORK, 'acme', { ...query, after }, ['name']);
    all.push(page.docs.map(({ id }) => id));
    after = page.endToken();
    if (!page.more) break;
  }
  return all;
}

describe.each(AGENT_SORTS)('sorted by %s', (sort) => {
  it.each([
    ['all', undefined],
    ['the three matches of a rare word', 'rare'],
    ['the matches of a number', 'bot 00012'],
    ['the match of an id', 'a-004321'],
    ['the matches of half of all', 'sales'],
    ['the matches of a word of all', 'bot'],
  ])('lists %s in order, in pages without gaps', async (_, query) => {
    const wanted = expected(query, sort);
    const pages = await listed({ query, sort, first: 40 }, 3);
    expect(pages.flat()).toEqual(wanted.slice(0, 120));
    for (const page of pages) expect(page.length).toBe(Math.min(40, wanted.length));
    const small = await listed({ query, sort, first: 1 }, 4);
    expect(small.flat()).toEqual(wanted.slice(0, 4));
  });

  it('reads a page of the index, and no more', async () => {
    const { scan } = await scansOf(open.store);
    await open.services.agents.list(WORK, 'acme', { sort, first: 40 }, ['name']);
    expect(scan.mock.calls.map(([, it]) => it.limit)).toEqual([41]);
    scan.mockRestore();
  });
});

/** Spies on the scans of every collection. */
async function scansOf(store: Store) {
  const collection = await store.collection(AGENTS);
  return { scan: vi.spyOn(Object.getPrototypeOf(collection) as typeof collection, 'scan') };
}

it('shows a page with matches although thousands before them do not match', async () => {
  // The oldest half of the agents: the newest 3,000 come first, and a page examines 4,000.
  const [first = []] = await listed({ query: 'sales', sort: '-createdAt', first: 10 }, 1);
  expect(first).toEqual(expected('sales', '-createdAt').slice(0, 10));
});

it('has one token for a position, whether the matches are few or many', async () => {
  const { agents: service } = open.services;
  const query = { query: 'growing', sort: 'name' } as const;
  const create = (n: number) =>
    service.create(WORK, 'many', { id: `g-${pad(n)}`, name: `Growing ${pad(n)}` });
  for (let n = 0; n < 500; n += 1) await create(n);
  const few = await service.list(WORK, 'many', { ...query, first: 2 }, ['name']);
  const token = few.endToken();
  const next = async () =>
    (await service.list(WORK, 'many', { ...query, first: 2, after: token }, ['name'])).docs.map(
      ({ id }) => id,
    );
  const before = await next();
  await create(500);
  expect(before).toEqual(['g-000002', 'g-000003']);
  expect(await next()).toEqual(before);
});

import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Agent, updateAgent } from '../../src/domain/agents.ts';
import { DomainError } from '../../src/domain/errors.ts';
import { VERSIONS } from '../../src/history/collection.ts';
import { HistoryRetention } from '../../src/history/retention.ts';
import { allDocs } from '../../src/paging/all-docs.ts';
import { type OpenServices, openServices } from '../../src/server/compose.ts';
import { readSettings } from '../../src/server/settings.ts';
import { testStore } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

const DAYS = 30;
const DAY_MS = 24 * 60 * 60_000;

let open: OpenServices;
beforeEach(async () => {
  open = await openServices(readSettings(testStore()));
});
afterEach(() => open.close());

async function agentWithVersions(versions: number): Promise<Agent> {
  const { agents } = open.services;
  let agent = await agents.create(WORK, 'acme', { name: 'Acme' });
  while (agent.version < versions) {
    const description = `version ${agent.version + 1}`;
    agent = await agents.change(WORK, agent, undefined, (it) => updateAgent(it, { description }));
  }
  return agent;
}

/** One pass, as if so many days had gone by. */
async function pass(daysLater: number, keepDays = DAYS): Promise<void> {
  const { store, historyParts } = open;
  const retention = new HistoryRetention({
    ...historyParts,
    store,
    keepDays,
    now: () => new Date(Date.now() + daysLater * DAY_MS),
  });
  await retention.run();
}

async function versionsOf(agent: Agent, section?: 'agent'): Promise<number[]> {
  const numbers: number[] = [];
  for (let after: string | undefined; ; ) {
    const page = await open.services.history.list(WORK, agent, { first: 200, after, section });
    numbers.push(...page.docs.map(({ version }) => version));
    if (!page.more) return numbers.reverse();
    after = page.endToken();
  }
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

it('keeps every version for so many days, and at least the newest 200 of an agent', async () => {
  const short = await agentWithVersions(40);
  const long = await agentWithVersions(260);
  await pass(DAYS - 1);
  expect(await versionsOf(long)).toEqual(range(1, 260));
  await pass(DAYS + 1);
  expect(await versionsOf(short)).toEqual(range(1, 40));
  // From the snapshot in front of the newest 200 on.
  const kept = range(48, 260);
  expect(await versionsOf(long)).toEqual(kept);
  expect(await versionsOf(long, 'agent')).toEqual(kept);
  const { history } = open.services;
  for (const version of kept) {
    const { description } = await history.content(WORK, long, version);
    expect(description).toBe(`version ${version}`);
  }
  await expect(history.get(WORK, long, 47)).rejects.toThrow(DomainError);
  const oldest = await history.get(WORK, long, 48);
  await expect(history.changes(WORK, oldest, undefined)).rejects.toMatchObject({
    code: 'version.not_found',
  });
  expect(await history.changes(WORK, oldest, 49)).toHaveLength(1);
});

it('removes the history of a removed agent once it is that old, and no other', async () => {
  const { agents, history } = open.services;
  const kept = await agentWithVersions(3);
  const removed = await agentWithVersions(3);
  await agents.delete(WORK, removed, undefined);
  await pass(DAYS - 1);
  expect((await history.content(WORK, removed, 3)).description).toBe('version 3');
  await pass(DAYS + 1);
  await expect(history.content(WORK, removed, 3)).rejects.toMatchObject({
    code: 'version.not_found',
  });
  await expect(history.revive(WORK, removed)).rejects.toMatchObject({ code: 'version.not_found' });
  expect(await versionsOf(kept)).toEqual([1, 2, 3]);
  const left: string[] = [];
  const versions = await open.store.collection(VERSIONS);
  for (const { uid } of [kept, removed]) {
    const owner = `acme/${uid}`;
    for (const scan of [
      { index: 'byTime', eq: [owner] },
      { index: 'bySection', eq: [owner, 'agent'] },
    ]) {
      for await (const { key } of allDocs(WORK, versions, scan)) left.push(key);
    }
  }
  expect(left.filter((key) => !key.startsWith(`acme/${kept.uid}/`))).toEqual([]);
  expect(left).toHaveLength(6);
});

it('keeps everything for more days than a date can have', async () => {
  const agent = await agentWithVersions(3);
  await pass(0, 999_999_999);
  expect(await versionsOf(agent)).toEqual([1, 2, 3]);
});

it('can be interrupted, and a later pass continues', async () => {
  const long = await agentWithVersions(260);
  const { store, historyParts } = open;
  const errors: unknown[] = [];
  const retention = new HistoryRetention({
    ...historyParts,
    store,
    keepDays: DAYS,
    now: () => new Date(Date.now() + (DAYS + 1) * DAY_MS),
  });
  retention.start((error) => errors.push(error));
  const passing = retention.run();
  await retention.stop();
  await expect(passing).rejects.toThrow('aborted');
  const between = await versionsOf(long);
  expect(between.length).toBeGreaterThan(260 - 47);
  expect(between.length).toBeLessThan(260);
  await pass(DAYS + 1);
  expect(await versionsOf(long)).toEqual(range(48, 260));
  expect(errors).toEqual([]);
});

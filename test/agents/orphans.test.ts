import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { APPOINTMENTS, PEOPLE } from '../../src/people/collection.ts';
import { type OpenServices, openServices } from '../../src/server/compose.ts';
import { readSettings } from '../../src/server/settings.ts';
import type { CollectionSpec, Doc, RangeScan } from '../../src/store/port.ts';
import { CONVERSATIONS, LOGS, MESSAGES, USERS } from '../../src/traffic/collections.ts';
import { logOf, messageOf } from '../kit/traffic.ts';
import { WORK } from '../kit/work.ts';

const ref = { org: 'acme', id: 'leaving' };
let folder: string;
let open: OpenServices;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
  open = await openServices(readSettings({ STORE_URL: `lmdb:${folder}`, LOG_LEVEL: 'silent' }));
  await open.services.agents.create(WORK, 'acme', { id: ref.id, name: 'Leaving' });
});
afterEach(async () => {
  await open.close();
  rmSync(folder, { recursive: true, force: true });
});

const remaining = async (
  spec: CollectionSpec<Doc & { owner: string }>,
  index: string,
  eq: RangeScan['eq'],
) => (await (await open.store.collection(spec)).scan(WORK, { index, eq, limit: 9 })).docs;

/** Deletes the agent in the middle of the next write: right after the write has read it. */
function deleteAgentOnceRead() {
  const { agents } = open.services;
  const { get, getMany } = agents;
  const deleteAgent = async () => {
    agents.get = get;
    agents.getMany = getMany;
    await agents.delete(WORK, ref, undefined);
  };
  agents.get = async (work, it) => {
    const agent = await get.call(agents, work, it);
    await deleteAgent();
    return agent;
  };
  agents.getMany = async (work, refs) => {
    const found = await getMany.call(agents, work, refs);
    await deleteAgent();
    return found;
  };
}

it('leaves no person who was created during the deletion of the agent', async () => {
  const { people, agents } = open.services;
  const { uid } = await agents.get(WORK, ref);
  deleteAgentOnceRead();
  await expect(people.create(WORK, ref, { firstName: 'Ann' })).rejects.toMatchObject({
    code: 'agent.not_found',
  });
  expect(await remaining(PEOPLE, 'byOwner', [`acme/${uid}`])).toEqual([]);
});

it('leaves no appointment that was booked during the deletion of the person', async () => {
  const { people, peopleRuntime, agents } = open.services;
  const { uid } = await agents.get(WORK, ref);
  const { id } = await people.create(WORK, ref, { firstName: 'Ann' });
  const call = {
    startUtc: '2026-07-01T10:00:00.000Z',
    durationMinutes: 30,
    prospectTimezone: 'Europe/Berlin',
  };
  const { change } = people;
  people.change = async (...given) => {
    const changed = await change.apply(people, given);
    await people.delete(WORK, ref, id, undefined);
    return changed;
  };
  await expect(peopleRuntime.book(WORK, ref, id, call)).rejects.toMatchObject({
    code: 'person.not_found',
  });
  expect(await remaining(APPOINTMENTS, 'byOwner', [`acme/${uid}`])).toEqual([]);
});

it('leaves no traffic that arrived during the deletion of the agent', async () => {
  const { ingest, agents } = open.services;
  const { uid } = await agents.get(WORK, ref);
  deleteAgentOnceRead();
  const batch = [messageOf(ref.id), messageOf(ref.id, { test: true }), logOf(ref.id)];
  await expect(ingest.ingest(WORK, 'acme', batch)).rejects.toMatchObject({
    code: 'agent.not_found',
  });
  const owner = `acme/${uid}`;
  expect([
    await remaining(MESSAGES, 'arrivals', [owner]),
    await remaining(LOGS, 'arrivals', [owner]),
    ...(await Promise.all(
      [true, false].map((live) => remaining(CONVERSATIONS, 'byTime', [owner, live])),
    )),
    ...(await Promise.all([true, false].map((live) => remaining(USERS, 'byTime', [owner, live])))),
  ]).toEqual([[], [], [], [], [], []]);
});

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { JobRunner } from '../../src/changes/job-runner.ts';
import { purging } from '../../src/changes/purge.ts';
import { OUTREACH_LINKS } from '../../src/outreach-links/collection.ts';
import { APPOINTMENTS, PEOPLE, PERSON_LINKS } from '../../src/people/collection.ts';
import { SECRETS } from '../../src/secrets/secret-store.ts';
import { type OpenServices, openServices } from '../../src/server/compose.ts';
import { readSettings } from '../../src/server/settings.ts';
import type { CollectionSpec, Doc, RangeScan } from '../../src/store/port.ts';
import {
  CONVERSATIONS,
  LIVE_OR_TEST,
  LOGS,
  MESSAGES,
  USERS,
} from '../../src/traffic/collections.ts';
import { TRAFFIC_HOURS } from '../../src/traffic/hours.ts';
import { CONVERSATION_VERSIONS, VERSION_USES } from '../../src/traffic/version-usage.ts';
import { testStore } from '../kit/server.ts';
import { logOf, messageOf } from '../kit/traffic.ts';
import { WORK } from '../kit/work.ts';

const ref = { org: 'acme', id: 'leaving' };
const GRACE_MS = 60_000;
let open: OpenServices;
let uid: string;
let shift: number;
let runner: JobRunner;

beforeEach(async () => {
  open = await openServices(readSettings({ ...testStore(), LOG_LEVEL: 'silent' }));
  ({ uid } = await open.services.agents.create(WORK, 'acme', { id: ref.id, name: 'Leaving' }));
  shift = 0;
  runner = new JobRunner({
    store: open.store,
    jobs: open.logParts.jobs,
    handlers: {
      purge: purging(open.store, (type) => open.log.purgersOf(type)),
      catchUp: async () => undefined,
    },
    graceMs: GRACE_MS,
    now: () => new Date(Date.now() + shift),
    onError: (error) => {
      throw error;
    },
  });
  open.log.listen({ pending: () => undefined, job: () => runner.kick() });
  runner.start();
});
afterEach(async () => {
  await runner.stop();
  await open.close();
});

const remaining = async (spec: CollectionSpec<Doc>, index: string, eq: RangeScan['eq']) =>
  (await (await open.store.collection(spec)).scan(WORK, { index, eq, limit: 9 })).docs.length;

/** How many documents of each collection belong to the agent. */
async function children(): Promise<Readonly<Record<string, number>>> {
  const owner = [`acme/${uid}`];
  return {
    people: await remaining(PEOPLE, 'byOwner', owner),
    appointments: await remaining(APPOINTMENTS, 'byOwner', owner),
    links: await remaining(OUTREACH_LINKS, 'byOwner', owner),
    secrets: await remaining(SECRETS, 'byOwner', owner),
    messages: await remaining(MESSAGES, 'arrivals', owner),
    conversations: await remaining(CONVERSATIONS, 'byTime', [...owner, LIVE_OR_TEST]),
    users: await remaining(USERS, 'byTime', [...owner, LIVE_OR_TEST]),
    logs: await remaining(LOGS, 'arrivals', owner),
    personLinks: await remaining(PERSON_LINKS, 'byOwner', owner),
    versionUses: await remaining(VERSION_USES, 'byVersion', owner),
    conversationVersions: await remaining(CONVERSATION_VERSIONS, 'byOwner', owner),
    trafficHours: await remaining(TRAFFIC_HOURS, 'byHour', owner),
  };
}

const CALL = {
  startUtc: '2026-07-01T10:00:00.000Z',
  durationMinutes: 30,
  prospectTimezone: 'Europe/Berlin',
};
const RCS = {
  channel: 'rcs',
  mode: 'unmanaged',
  provider: 'google-rbm',
  auth: { agentId: 'acme_agent', serviceAccountKey: '{}' },
} as const;

it('removes every document of a removed agent, also those of writes that end later', async () => {
  const { agents, people, peopleRuntime, outreachLinks, channels, ingest } = open.services;
  const { item } = await channels.create(WORK, ref, undefined, RCS);
  const write = async () => {
    const { id } = await people.create(WORK, ref, { firstName: 'Ann' });
    await peopleRuntime.book(WORK, ref, id, CALL);
    await peopleRuntime.link(WORK, ref, id, { channel: 'slack', userId: id });
    await outreachLinks.create(WORK, ref, { bindingId: item.id });
    const batch = [
      messageOf(ref.id, { agentVersion: 1 }),
      messageOf(ref.id, { test: true }),
      logOf(ref.id),
    ];
    await ingest.ingest(WORK, 'acme', batch);
  };
  await write();
  const before = await children();
  expect(Object.values(before).every((count) => count > 0)).toBe(true);

  // The agent as writes have read it that are under way.
  const agent = await agents.get(WORK, ref);
  await agents.delete(WORK, ref, undefined);
  const none = Object.fromEntries(Object.keys(before).map((name) => [name, 0]));
  await expect.poll(children).toEqual(none);

  vi.spyOn(agents, 'get').mockResolvedValue(agent);
  vi.spyOn(agents, 'owner').mockResolvedValue(agent);
  vi.spyOn(agents, 'owners').mockResolvedValue([agent]);
  await write();
  expect((await children()).people).toBe(1);
  shift = GRACE_MS + 1_000;
  runner.kick();
  await expect.poll(children).toEqual(none);
});

it('leaves the documents of a later agent of the same id alone', async () => {
  const { agents, people } = open.services;
  await people.create(WORK, ref, { firstName: 'Ann' });
  await agents.delete(WORK, ref, undefined);
  const later = await agents.create(WORK, 'acme', { id: ref.id, name: 'Later' });
  const { id } = await people.create(WORK, ref, { firstName: 'Bob' });
  await expect.poll(async () => (await children()).people).toBe(0);
  shift = GRACE_MS + 1_000;
  runner.kick();
  await expect
    .poll(
      async () => (await open.logParts.jobs.scan(WORK, { index: 'due', eq: [], limit: 9 })).docs,
    )
    .toEqual([]);
  expect(await people.get(WORK, later, id)).toMatchObject({ firstName: 'Bob' });
});

it('removes the appointments of a removed person', async () => {
  const { people, peopleRuntime } = open.services;
  const { id } = await people.create(WORK, ref, { firstName: 'Ann' });
  await peopleRuntime.book(WORK, ref, id, CALL);
  await people.delete(WORK, ref, id, undefined);
  await expect.poll(async () => (await children()).appointments).toBe(0);
});

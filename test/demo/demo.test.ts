import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.ts';
import { DEMO_AGENT, DEMO_MS, loadDemo } from '../../src/demo/demo.ts';
import { SetClock } from '../../src/demo/past.ts';
import { CHANNEL_STATUSES } from '../../src/domain/channels.ts';
import { OAUTH_STATES } from '../../src/domain/oauth.ts';
import { DOORS } from '../../src/domain/origin.ts';
import { PERSON_STATUSES } from '../../src/domain/people.ts';
import { servicesOn } from '../../src/server/compose.ts';
import { systemEffects } from '../../src/server/effects.ts';
import { readSettings } from '../../src/server/settings.ts';
import { openStore } from '../../src/store/open.ts';
import { ORG, startTestServer, type TestServer, testStore } from '../kit/server.ts';
import { dropDatabase } from '../kit/store.ts';
import { WORK } from '../kit/work.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ DEMO_DATA: '1' });
});
afterAll(() => server.stop());

async function org<T>(selection: string): Promise<T> {
  const data = await server.owner.query(`{ org(id: "acme") { ${selection} } }`);
  return (data as { org: T }).org;
}

async function everyAgent<T>(selection: string): Promise<readonly T[]> {
  const { agents } = await org<{ agents: { nodes: T[] } }>(
    `agents(first: 20) { nodes { id ${selection} } }`,
  );
  return agents.nodes;
}

interface DemoPerson {
  readonly fullName: string;
  readonly status: string;
  readonly channels: readonly { channel: string; lastSeenAt: string | null }[];
  readonly conversations: {
    readonly nodes: readonly { person: { fullName: string } | null }[];
  };
}

async function peopleOf(agent: string): Promise<readonly DemoPerson[]> {
  const answer = await org<{ agent: { people: { nodes: DemoPerson[] } } }>(`agent(id: "${agent}") {
    people { nodes {
      fullName status channels { channel lastSeenAt } conversations { nodes { person { fullName } } }
    } }
  }`);
  return answer.agent.people.nodes;
}

/** A constant of the domain as GraphQL spells it. */
const asEnum = (name: string) =>
  name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace('-', '_')
    .toUpperCase();

it('has people with conversations, by their phone number and by a link', async () => {
  const people = await peopleOf(DEMO_AGENT);
  const known = people.filter(({ channels }) => channels.length > 0);
  const channels = Object.fromEntries(known.map((it) => [it.fullName, it.channels[0]?.channel]));
  expect(channels).toMatchObject({
    'Dana Whitfield': 'rcs',
    'Marco Ruiz': 'whatsapp',
    Sam: 'sms',
    'Aiko Tanaka': 'webchat',
  });
  for (const { fullName, conversations, channels } of known) {
    expect(channels[0]?.lastSeenAt, fullName).toBeTruthy();
    expect(conversations.nodes.length, fullName).toBeGreaterThan(0);
    for (const { person } of conversations.nodes) expect(person?.fullName).toBe(fullName);
  }
  const statuses = new Set(known.map(({ status }) => status));
  expect([...statuses].sort()).toEqual(PERSON_STATUSES.map(asEnum).sort());
});

it('has answers of the version that was in force', async () => {
  const { agent } = await org<{
    agent: {
      version: number;
      versionUsage: { version: number; firstAt: string; lastAt: string }[];
      history: { nodes: { version: number; at: string }[] };
    };
  }>(`agent(id: "${DEMO_AGENT}") {
    version versionUsage { version firstAt lastAt } history { nodes { version at } }
  }`);
  const at = new Map(agent.history.nodes.map((it) => [it.version, it.at]));
  expect(agent.versionUsage[0]?.version).toBe(agent.version);
  expect(agent.versionUsage.length).toBeGreaterThan(3);
  for (const { version, firstAt } of agent.versionUsage) {
    expect(firstAt >= String(at.get(version)), String(version)).toBe(true);
  }
});

it('has agents that are ready and agents that are not', async () => {
  const agents = await everyAgent<{ id: string; readiness: { severity: string }[] }>(
    'readiness { severity }',
  );
  expect(agents.length).toBeGreaterThan(4);
  const ready = agents.filter(({ readiness }) => readiness.length === 0);
  expect(ready.map(({ id }) => id)).toEqual(['acme-support']);
});

it('has channels and tools in every state', async () => {
  const agents = await everyAgent<{
    channels: { status: string }[];
    toolBindings: { enabled: boolean; configStatus: string; oauth: { state: string } | null }[];
  }>('channels { status } toolBindings { enabled configStatus oauth { state } }');
  const channels = agents.flatMap((it) => it.channels.map(({ status }) => status));
  expect(new Set(channels)).toEqual(new Set(CHANNEL_STATUSES.map(asEnum)));
  const tools = agents.flatMap((it) => it.toolBindings);
  expect(new Set(tools.map(({ enabled }) => enabled))).toEqual(new Set([true, false]));
  expect(new Set(tools.map((it) => it.configStatus))).toEqual(new Set(['COMPLETE', 'INCOMPLETE']));
  const grants = tools.flatMap(({ oauth }) => oauth?.state ?? []);
  expect(new Set(grants)).toEqual(new Set(OAUTH_STATES.map(asEnum)));
});

it('has history by several authors through every door, on several days', async () => {
  const { agent } = await org<{
    agent: { history: { nodes: { at: string; door: string; actor: { id: string } }[] } };
  }>(`agent(id: "${DEMO_AGENT}") { history { nodes { at door actor { id } } } }`);
  const { nodes } = agent.history;
  expect(new Set(nodes.map(({ actor }) => actor.id)).size).toBeGreaterThan(3);
  expect(new Set(nodes.map(({ at }) => at.slice(0, 10))).size).toBeGreaterThan(6);
  const doors = new Set(nodes.map(({ door }) => door));
  expect(doors).toEqual(new Set(DOORS.filter((it) => it !== 'system').map(asEnum)));
});

it('has one update, and every part of a prompt', async () => {
  const path = `/orgs/acme/agents/${DEMO_AGENT}`;
  expect((await server.owner.get(`${path}/updates`)).body).toMatchObject({ updateCount: 1 });
  const { body } = await server.owner.get(`${path}/prompt`);
  const sections = (body.sections as { section: string; characters: number }[]).filter(
    ({ characters }) => characters > 0,
  );
  expect(sections.map(({ section }) => section)).toEqual([
    'identity',
    'personality',
    'guardrails',
    'objectives',
    'playbooks',
    'skills',
  ]);
});

it('has a webhook whose deliveries have failed since its receiver is down', async () => {
  const { webhooks } = await org<{
    webhooks: { nodes: { active: boolean; deliveries: { nodes: Delivery[] } }[] };
  }>(`webhooks(first: 2) { nodes {
    active deliveries { nodes { status nextAttemptAt attempts { statusCode } } }
  } }`);
  expect(webhooks.nodes).toHaveLength(1);
  const [webhook] = webhooks.nodes;
  expect(webhook?.active).toBe(true);
  const deliveries = webhook?.deliveries.nodes ?? [];
  const statuses = deliveries.map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set(['PENDING', 'FAILURE', 'SUCCESS']));
  for (const { status, attempts, nextAttemptAt } of deliveries) {
    const [first] = attempts;
    expect(first?.statusCode === 204, status).toBe(status === 'SUCCESS');
    if (status === 'FAILURE') expect(attempts).toHaveLength(10);
    if (status === 'PENDING') expect(Date.parse(String(nextAttemptAt))).not.toBeNaN();
  }
});
interface Delivery {
  readonly status: string;
  readonly nextAttemptAt: string | null;
  readonly attempts: readonly { statusCode: number | null }[];
}

it('is loaded once', async () => {
  const own = testStore();
  const settings = readSettings({ ...own, DEMO_DATA: '1' });
  const store = await openStore(settings.store);
  const now = Date.now();
  const clock = new SetClock(now - DEMO_MS);
  const effects = { ...systemEffects(), now: clock.now };
  const open = await servicesOn(store, settings, loadCatalog(), false, { effects });
  const { services, logParts, deliveryParts, close } = open;
  const parts = { services, clock, changes: logParts.changes, deliveryParts };
  const changes = async () => {
    const { docs, more } = await services.auditLog.list(WORK, ORG, { first: 200 });
    expect(more).toBe(false);
    return docs.map(({ key }) => key);
  };
  try {
    await loadDemo(ORG, now, parts);
    const loaded = await changes();
    expect(loaded.length).toBeGreaterThan(50);
    await loadDemo(ORG, now, parts);
    expect(await changes()).toEqual(loaded);
  } finally {
    await close();
    if (own.STORE_URL.startsWith('mongodb')) await dropDatabase(own.STORE_URL);
  }
});

import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openServices } from '../../src/server/compose.ts';
import { readSettings } from '../../src/server/settings.ts';
import { Client } from '../kit/client.ts';
import { results } from '../kit/live.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { sharedStore } from '../kit/store.ts';
import { WORK } from '../kit/work.ts';

const EDITS = 40;

interface Version {
  readonly cursor: string;
  readonly agentId: string;
  readonly version: number;
}

const { environment, remove } = sharedStore();
let server: TestServer;
const open: AbortController[] = [];

beforeAll(async () => {
  server = await startTestServer(environment);
});
afterAll(async () => {
  await server.stop();
  await remove();
});
afterEach(() => {
  for (const control of open.splice(0)) control.abort();
});

/** Starts the stream of an agent, or of all. Resolves once the server has it. */
async function watch(args: string, client: Client = server.owner) {
  const { streams } = server.services;
  const before = streams.total;
  const control = new AbortController();
  open.push(control);
  const query = `subscription { agentChanged(org: "acme"${args}) {
    cursor agentId version at actor { kind id } door action sections message
  } }`;
  const stream = results(client, query, control.signal);
  const first = stream.next();
  await expect.poll(() => streams.total).toBe(before + 1);
  const next = async () => {
    const { value } = await (taken ? stream.next() : first);
    taken = true;
    return value;
  };
  let taken = false;
  return { stream, next };
}

async function take(stream: Awaited<ReturnType<typeof watch>>, n: number): Promise<Version[]> {
  const versions: Version[] = [];
  while (versions.length < n) {
    const { data, errors } = await stream.next();
    expect(errors).toBeUndefined();
    versions.push(data.agentChanged);
  }
  return versions;
}

const rename = (services: TestServer['services'], id: string, name: string) =>
  services.agents.change(WORK, { org: 'acme', id }, undefined, (it) => ({ ...it, name }));

it('sends every version of an agent once and in order, whichever process writes it', async () => {
  const id = await server.owner.createAgent();
  const stream = await watch(`, agent: "${id}"`);
  const elsewhere = await openServices(readSettings(environment));
  const here = server.services;
  await Promise.all(
    Array.from({ length: EDITS }, (_, i) =>
      rename(i % 2 === 0 ? here : elsewhere.services, id, `Agent ${i}`),
    ),
  );
  await elsewhere.close();
  const versions = await take(stream, EDITS);
  expect(versions.map(({ version }) => version)).toEqual(versions.map((_, i) => i + 2));
  // Interrupted anywhere, it resumes with the next version.
  const { cursor } = versions[16] ?? { cursor: '' };
  const again = await watch(`, agent: "${id}", after: "${cursor}"`);
  const rest = await take(again, EDITS - 17);
  expect(rest).toEqual(versions.slice(17));
});

it('sends who made a version, by which door, what it changed and why', async () => {
  const id = await server.owner.createAgent();
  const stream = await watch(`, agent: "${id}"`);
  await server.owner.patch(
    `/orgs/acme/agents/${id}/identity`,
    { brandColor: '#123456' },
    { 'X-Change-Message': 'New brand' },
  );
  expect(await take(stream, 1)).toEqual([
    {
      cursor: expect.any(String),
      agentId: id,
      version: 2,
      at: expect.any(String),
      actor: { kind: 'API_KEY', id: expect.stringMatching(/^key_/) },
      door: 'REST',
      action: 'AGENT_UPDATED',
      sections: ['identity'],
      message: 'New brand',
    },
  ]);
});

it('ends after the removal of the agent, which it sends', async () => {
  const id = await server.owner.createAgent();
  const stream = await watch(`, agent: "${id}"`);
  await server.owner.delete(`/orgs/acme/agents/${id}`);
  expect(await take(stream, 1)).toMatchObject([{ version: 2, action: 'AGENT_DELETED' }]);
  expect(await stream.stream.next()).toMatchObject({ done: true });
});

it('sends the versions of all agents of the org, and of nothing else', async () => {
  const stream = await watch('');
  const one = await server.owner.createAgent();
  await server.owner.post(`/orgs/acme/agents/${one}/people`, { fullName: 'Ada' });
  const two = await server.owner.createAgent();
  const elsewhere = await openServices(readSettings(environment));
  await rename(elsewhere.services, one, 'Elsewhere');
  await elsewhere.close();
  await server.owner.delete(`/orgs/acme/agents/${two}`);
  const versions = await take(stream, 4);
  const shown = ({ agentId, version }: Version) => [agentId, version];
  expect(versions.map(shown)).toEqual([
    [one, 1],
    [two, 1],
    [one, 2],
    [two, 2],
  ]);
  const again = await watch(`, after: "${versions[1]?.cursor}"`);
  expect(await take(again, 2)).toEqual(versions.slice(2));
});

it('refuses the cursor of another stream', async () => {
  const [id, other] = [await server.owner.createAgent(), await server.owner.createAgent()];
  const stream = await watch(`, agent: "${id}"`);
  await rename(server.services, id, 'Renamed');
  const [{ cursor } = { cursor: '' }] = await take(stream, 1);
  for (const args of [`, agent: "${other}"`, '']) {
    const query = `subscription { agentChanged(org: "acme"${args}, after: "${cursor}") { version } }`;
    const { value } = await results(server.owner, query, AbortSignal.timeout(10_000)).next();
    expect(value.errors).toMatchObject([{ extensions: { code: 'request.page_token' } }]);
  }
});

const mint = async (scopes: readonly string[]) => {
  const { body } = await server.owner.post('/orgs/acme/api-keys', { name: 'K', scopes });
  return { id: String(body.id), client: new Client(server.url, String(body.key)) };
};

it.each([
  ['of one agent', (id: string) => `, agent: "${id}"`],
  ['of all agents', () => ''],
])('%s, it ends with the key, and needs the scope', async (_, argsOf) => {
  const args = argsOf(await server.owner.createAgent());
  const { id, client } = await mint(['agents:read']);
  const stream = await watch(args, client);
  await server.owner.delete(`/orgs/acme/api-keys/${id}`);
  const { errors } = await stream.next();
  expect(errors).toMatchObject([{ extensions: { code: 'auth.unauthenticated' } }]);

  const { client: other } = await mint(['messages:read']);
  const query = `subscription { agentChanged(org: "acme"${args}) { version } }`;
  const { value } = await results(other, query, AbortSignal.timeout(10_000)).next();
  expect(value.errors).toMatchObject([{ extensions: { code: 'auth.scope_missing' } }]);
});

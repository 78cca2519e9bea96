import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { AgentsLedger } from '../kit/agents.ts';
import { Client } from '../kit/client.ts';
import { API_KEY, type RunningProcess, startProcess } from '../kit/process.ts';
import { testDatabase } from '../kit/store.ts';

const ROUNDS = 20;
/** Of each kind. */
const WRITERS = 4;
const SECRETS_KEY = Buffer.alloc(32, 7).toString('base64');
const folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
let running: RunningProcess | undefined;
const environment = {
  STORE_URL: testDatabase() ?? `lmdb:${folder}`,
  SECRETS_KEY,
  BOOTSTRAP_API_KEY: API_KEY,
  DEMO_DATA: '0',
  LOG_LEVEL: 'info',
};

// A database on MongoDB stays: dropping it waits for the transactions of killed processes.
afterAll(async () => {
  await running?.stop('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<Client> {
  running = await startProcess(environment);
  return new Client(running.url, API_KEY);
}

/** Writes until the process is killed, which is some time after a write has succeeded. */
async function writeUntilKilled(
  writers: readonly ((i: number) => Promise<unknown>)[],
): Promise<void> {
  let alive = true;
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const writing = writers.map(async (write) => {
    for (let i = 0; alive; i += 1) {
      // In the middle of a request the process dies, and the rest fails.
      await write(i).then(begin, (error: unknown) => {
        if (alive) throw error;
      });
    }
  });
  await Promise.race([begun, Promise.all(writing)]);
  await new Promise((resolve) => setTimeout(resolve, 30 + Math.random() * 250));
  alive = false;
  await running?.stop('SIGKILL');
  await Promise.all(writing);
}

it(`keeps every acknowledged write, and a version in the history exactly if the agent reached it, killed ${ROUNDS} times`, async () => {
  const ledger = new AgentsLedger();
  const numbers = Array.from({ length: WRITERS }, (_, i) => i);
  const idOf = (writer: number) => `versioned-${writer}`;
  for (let round = 0; round < ROUNDS; round += 1) {
    const client = await start();
    await ledger.expectKept(client);
    for (const id of numbers.map(idOf)) await expectNoGap(client, id, round % 5 === 0);
    await writeUntilKilled([
      // One write in ten goes to a new agent, the others to one agent per writer.
      ...numbers.map((writer) => (i: number) => {
        const agent = i % 10 ? `agent-${writer}` : `agent-${writer}-${round}-${i}`;
        return ledger.write(client, agent);
      }),
      ...numbers.map((writer) => (i: number) => writeOnce(client, idOf(writer), `${round}.${i}`)),
    ]);
  }
  expect(ledger.acknowledged).toBeGreaterThan(0);
  const client = await start();
  await ledger.expectKept(client);
  let made = 0;
  for (const id of numbers.map(idOf)) made += await expectNoGap(client, id, true);
  expect(made).toBeGreaterThan(WRITERS * 2);
}, 1_800_000);

/** Creates the agent, or changes it: its name and its personality in turn. */
async function writeOnce(client: Client, id: string, text: string): Promise<void> {
  const path = `/orgs/acme/agents/${id}`;
  const odd = Number(text.split('.')[1]) % 2 === 1;
  const { status } = odd
    ? await client.patch(path, { name: text, description: text })
    : await client.put(`${path}/personality`, { text });
  if (status === 404) await client.post('/orgs/acme/agents', { id, name: text });
}

/**
 * Expects the history of an agent to be the numbers from 1 to its version, each once, and under
 * each section those that changed it.
 *
 * @param whole whether to read every version's changes and definition too
 * @returns the agent's version, 0 if it does not exist
 */
async function expectNoGap(client: Client, id: string, whole: boolean): Promise<number> {
  const path = `/orgs/acme/agents/${id}`;
  const { status, headers } = await client.get(path);
  if (status === 404) return 0;
  const version = Number(headers.get('etag')?.replaceAll('"', ''));
  const all = await listed(client, path, '');
  expect(all.map((it) => it.version)).toEqual(
    Array.from({ length: version }, (_, i) => version - i),
  );
  for (const section of ['agent', 'personality'] as const) {
    const bySection = await listed(client, path, `&section=${section}`);
    expect(bySection).toEqual(all.filter(({ sections }) => sections.includes(section)));
  }
  const head = await client.get(`${path}/export`);
  expect((await client.get(`${path}/history/${version}/export`)).body).toBe(head.body);
  for (const { version: number, sections } of whole ? all : []) {
    const { body } = await client.get(`${path}/history/${number}/changes`);
    const changed = new Set((body.data as { section: string }[]).map(({ section }) => section));
    if (number > 1) expect([...changed]).toEqual(sections);
  }
  return version;
}

interface Version {
  readonly version: number;
  readonly sections: readonly string[];
}

async function listed(client: Client, path: string, query: string): Promise<Version[]> {
  const versions: Version[] = [];
  for (let token = ''; ; ) {
    const { body } = await client.get(`${path}/history?limit=200${query}${token}`);
    versions.push(...(body.data as Version[]));
    if (!body.nextPageToken) return versions;
    token = `&pageToken=${body.nextPageToken}`;
  }
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { AgentsLedger } from '../kit/agents.ts';
import { Client } from '../kit/client.ts';
import { API_KEY, type RunningProcess, startProcess } from '../kit/process.ts';
import { testDatabase } from '../kit/store.ts';

const ROUNDS = 20;
const WRITERS = 8;
const folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
const SECRETS_KEY = Buffer.alloc(32, 7).toString('base64');
let running: RunningProcess | undefined;
const environment = {
  STORE_URL: `lmdb:${folder}`,
  BOOTSTRAP_API_KEY: API_KEY,
  DEMO_DATA: '0',
  LOG_LEVEL: 'info',
};

afterEach(() => running?.stop('SIGKILL'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it(`keeps every acknowledged write when it is killed while writing, ${ROUNDS} times`, async () => {
  const ledger = new AgentsLedger();
  for (let round = 0; round < ROUNDS; round += 1) {
    running = await startProcess(environment);
    const client = new Client(running.url, API_KEY);
    await ledger.expectKept(client);
    let alive = true;
    const writer = async (id: number) => {
      for (let i = 0; alive; i += 1) {
        // One write in ten goes to a new agent, the others to one agent per writer.
        const agent = i % 10 ? `agent-${id}` : `agent-${id}-${round}-${i}`;
        await ledger.write(client, agent).catch((error: unknown) => {
          if (alive) throw error;
        });
      }
    };
    const writers = Array.from({ length: WRITERS }, (_, id) => writer(id));
    await new Promise((resolve) => setTimeout(resolve, 30 + Math.random() * 250));
    alive = false;
    await running.stop('SIGKILL');
    await Promise.all(writers);
  }
  expect(ledger.acknowledged).toBeGreaterThan(0);
  running = await startProcess(environment);
  await ledger.expectKept(new Client(running.url, API_KEY));
}, 1_800_000);

it(`has a version in the history exactly if the agent reached it, killed ${ROUNDS} times`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
  const database = testDatabase();
  const store = { STORE_URL: database ?? `lmdb:${folder}`, SECRETS_KEY };
  const ids = Array.from({ length: WRITERS }, (_, i) => `agent-${i}`);
  let made = 0;
  try {
    for (let round = 0; round <= ROUNDS; round += 1) {
      running = await startProcess({ ...environment, ...store });
      const client = new Client(running.url, API_KEY);
      made = 0;
      for (const id of ids) made += await expectNoGap(client, id, round % 5 === 0);
      if (round === ROUNDS) break;
      let alive = true;
      let begin: () => void = () => undefined;
      const begun = new Promise<void>((resolve) => {
        begin = resolve;
      });
      const writer = async (id: string) => {
        for (let i = 0; alive; i += 1) {
          // In the middle of a request the process dies, and the rest fails.
          await writeOnce(client, id, `${round}.${i}`).then(begin, (error: unknown) => {
            if (alive) throw error;
          });
        }
      };
      const writers = ids.map(writer);
      await begun;
      await new Promise((resolve) => setTimeout(resolve, 30 + Math.random() * 250));
      alive = false;
      await running.stop('SIGKILL');
      await Promise.all(writers);
    }
    expect(made).toBeGreaterThan(ids.length * 2);
  } finally {
    await running?.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
    // A database on MongoDB stays: dropping it waits for the transactions of killed processes.
  }
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

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type Answer, Client } from '../kit/client.ts';
import { API_KEY, type RunningProcess, startProcess } from '../kit/process.ts';

const ROUNDS = 10;
const WRITERS = 8;
const AGENTS = '/orgs/acme/agents';
const folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
let running: RunningProcess | undefined;

afterAll(async () => {
  await running?.stop('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** A request that creates an agent, and its first answer if there was one. */
interface Sent {
  readonly name: string;
  answer?: Answer;
}

const create = (client: Client, { name }: Sent) =>
  client.post(AGENTS, { name }, { 'Idempotency-Key': name });

async function start(): Promise<Client> {
  running = await startProcess({
    STORE_URL: `lmdb:${folder}`,
    BOOTSTRAP_API_KEY: API_KEY,
    DEMO_DATA: '0',
  });
  return new Client(running.url, API_KEY);
}

/** Writes from several clients until the process is killed. */
async function writeUntilKilled(round: number, sent: Sent[]): Promise<void> {
  const client = await start();
  let alive = true;
  const writer = async (id: number) => {
    for (let i = 0; alive; i += 1) {
      const one: Sent = { name: `agent-${round}-${id}-${i}` };
      sent.push(one);
      try {
        one.answer = await create(client, one);
      } catch (error) {
        if (alive) throw error;
      }
    }
  };
  const writers = Array.from({ length: WRITERS }, (_, id) => writer(id));
  await new Promise((resolve) => setTimeout(resolve, 30 + Math.random() * 200));
  alive = false;
  await running?.stop('SIGKILL');
  await Promise.all(writers);
}

async function namesOf(client: Client): Promise<string[]> {
  const names: string[] = [];
  let query = '?limit=200';
  while (query !== '') {
    const { body } = await client.get(AGENTS + query);
    names.push(...(body.data as { name: string }[]).map(({ name }) => name));
    query = body.nextPageToken ? `?limit=200&pageToken=${body.nextPageToken}` : '';
  }
  return names;
}

it(`executes no request twice when it is killed while it executes them, ${ROUNDS} times`, async () => {
  const sent: Sent[] = [];
  for (let round = 0; round < ROUNDS; round += 1) await writeUntilKilled(round, sent);
  const client = await start();
  const unanswered = sent.filter(({ answer }) => !answer);
  expect(unanswered.length).toBeGreaterThan(0);
  for (const one of sent) {
    const again = await create(client, one);
    if (one.answer) {
      expect([again.status, again.body]).toEqual([201, one.answer.body]);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
    } else if (again.status !== 201) {
      // The lease of the process that was killed has not ended.
      expect([again.status, again.body.code]).toEqual([409, 'idempotency.in_flight']);
    }
  }
  const names = await namesOf(client);
  expect(names.length).toBe(new Set(names).size);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Client } from '../kit/client.ts';
import { API_KEY, type RunningProcess, startProcess } from '../kit/process.ts';

const ROUNDS = 5;
const CLIENTS = 16;
const folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
let running: RunningProcess | undefined;

afterAll(async () => {
  await running?.stop('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Outcome {
  readonly status?: number;
  /** Why there was no answer, and whether the connection had been used before. */
  readonly failed?: { readonly code: string; readonly reused: boolean };
}

function patch(agent: Agent, url: string, name: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const headers = { Authorization: `Bearer ${API_KEY}`, 'Content-Type': 'application/json' };
    const sent = request(url, { method: 'PATCH', agent, headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0 }));
      answer.on('error', () => resolve({ failed: { code: 'interrupted', reused: true } }));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      resolve({ failed: { code: error.code ?? '', reused: sent.reusedSocket } });
    });
    sent.end(JSON.stringify({ name }));
  });
}

it(`answers every request that it accepted before it stops, ${ROUNDS} times under load`, async () => {
  const acknowledged = new Map<string, string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    running = await startProcess({
      STORE_URL: `lmdb:${folder}`,
      BOOTSTRAP_API_KEY: API_KEY,
      STOP_DELAY_MS: '1000',
    });
    const { url } = running;
    const client = new Client(url, API_KEY);
    for (const [id, name] of acknowledged) {
      expect((await client.get(`/orgs/acme/agents/${id}`)).body.name).toBe(name);
    }
    const outcomes: Outcome[] = [];
    const load = async (i: number) => {
      const id = `agent-${i}`;
      if (round === 0) await client.post('/orgs/acme/agents', { id, name: 'new' });
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let n = 0; ; n += 1) {
        const name = `${round}.${n}`;
        const outcome = await patch(agent, `${url}/v1/orgs/acme/agents/${id}`, name);
        outcomes.push(outcome);
        if (outcome.status === 200) acknowledged.set(id, name);
        if (outcome.failed) break;
      }
      agent.destroy();
    };
    const clients = Array.from({ length: CLIENTS }, (_, i) => load(i));
    await new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 300));
    expect(await running.stop('SIGTERM')).toBe(0);
    await Promise.all(clients);
    const statuses = new Set(outcomes.flatMap(({ status }) => status ?? []));
    expect([...statuses]).toEqual([200]);
    // A new connection may be refused; a used one is closed only after an answer that announces it.
    const failures = outcomes.flatMap(({ failed }) => failed ?? []);
    expect(failures).toHaveLength(CLIENTS);
    expect(failures.filter(({ reused }) => reused)).toEqual([]);
  }
});

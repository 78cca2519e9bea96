import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { AgentsLedger } from '../kit/agents.ts';
import { Client } from '../kit/client.ts';
import { API_KEY, type RunningProcess, startProcess } from '../kit/process.ts';

const ROUNDS = 20;
const WRITERS = 8;
const folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
let running: RunningProcess | undefined;
const environment = {
  STORE_URL: `lmdb:${folder}`,
  BOOTSTRAP_API_KEY: API_KEY,
  DEMO_DATA: '0',
  LOG_LEVEL: 'info',
};

afterAll(async () => {
  await running?.stop('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

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

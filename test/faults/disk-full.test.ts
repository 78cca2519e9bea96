import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { AgentsLedger } from '../kit/agents.ts';
import { type Answer, Client, expectRefusal } from '../kit/client.ts';
import { API_KEY, type RunningProcess, startProcess } from '../kit/process.ts';

const MAX_FILE_BYTES = 3 * 1024 * 1024;
const MAX_WRITES = 3_000;
const folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
let running: RunningProcess | undefined;

afterAll(async () => {
  await running?.stop('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const environment = { STORE_URL: `lmdb:${folder}`, BOOTSTRAP_API_KEY: API_KEY, DEMO_DATA: '0' };

/** A file that may not grow fails like a full disk: a write that needs space is refused. */
function limit(pid: number | undefined, bytes: number | 'unlimited'): void {
  execFileSync('prlimit', [`--pid=${pid}`, `--fsize=${bytes}:`]);
}

/**
 * Creates large agents until one is refused. Some may still fit: each write frees the pages of the
 * previous version for later writes.
 *
 * @returns the ids of the agents that fitted, and the refusal
 */
async function fill(client: Client): Promise<{ fitted: string[]; answer: Answer }> {
  const input = { name: 'x', identity: { identityPreamble: 'y'.repeat(10_000) } };
  for (const fitted: string[] = []; ; ) {
    const answer = await client.post('/orgs/acme/agents', input);
    if (answer.status !== 201 || fitted.length * 10_000 > MAX_FILE_BYTES) return { fitted, answer };
    fitted.push(answer.body.id as string);
  }
}

it('answers 503 on a full disk, keeps acknowledged writes, and recovers when there is space', async () => {
  running = await startProcess(environment);
  const client = new Client(running.url, API_KEY);
  const ledger = new AgentsLedger();
  expect(await ledger.write(client, 'shared')).toBe(201);
  limit(running.child.pid, MAX_FILE_BYTES);

  let refused = 0;
  for (let i = 0; refused < 10 && i < MAX_WRITES; i += 8) {
    const batch = Array.from({ length: 8 }, (_, j) => ledger.write(client, `agent-${i + j}`));
    for (const status of await Promise.all(batch)) {
      expect([201, 404, 503]).toContain(status);
      if (status === 503) refused += 1;
    }
  }
  expect(refused).toBeGreaterThanOrEqual(10);
  const { fitted, answer } = await fill(client);
  expectRefusal(answer, 503, 'store.unavailable');
  expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  // Reads still work, and show nothing of a failed write.
  await ledger.expectKept(client);

  limit(running.child.pid, 'unlimited');
  for (let i = 0; i < 20; i += 1)
    expect([200, 201]).toContain(await ledger.write(client, `after-${i}`));
  await ledger.expectKept(client);
  expect(await running.stop()).toBe(0);

  // A new process can read what was written after the failure.
  running = await startProcess(environment);
  const after = new Client(running.url, API_KEY);
  await ledger.expectKept(after);
  for (const id of fitted) expect((await after.get(`/orgs/acme/agents/${id}`)).status).toBe(200);
  expect(await running.stop()).toBe(0);
});

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../kit/client.ts';
import { UNREACHED_LIMITS } from '../kit/limits.ts';
import { API_KEY, type RunningProcess, startProcess } from '../kit/process.ts';
import { sharedStore } from '../kit/store.ts';

const LIMIT = 800;
const BAD = 400;

/** On an embedded store each process limits by itself. */
describe.runIf(process.env.MONGODB_URL)('two processes on one MongoDB', () => {
  const store = sharedStore();
  const processes: RunningProcess[] = [];

  beforeAll(async () => {
    const environment = {
      ...store.environment,
      ...UNREACHED_LIMITS,
      BOOTSTRAP_API_KEY: API_KEY,
      DEMO_DATA: '0',
      MAX_LOOP_DELAY_MS: '60000',
      RATE_LIMIT_PRINCIPAL: String(LIMIT),
      RATE_LIMIT_REFUSED_TOKENS: String(BAD),
    };
    processes.push(await startProcess(environment), await startProcess(environment));
  });
  afterAll(async () => {
    await Promise.all(processes.map((it) => it.stop()));
    await store.remove();
  });

  /** Sends so many to both in turn. @returns what one process may serve of them, and what both did */
  async function load(token: string, limit: number, count: number, status: number, pauseMs = 0) {
    const clients = processes.map(({ url }) => new Client(url, token));
    const served = clients.map(() => 0);
    const refused = clients.map(() => 0);
    const started = performance.now();
    let sent = 0;
    const sender = async () => {
      while (sent < count) {
        const i = sent % clients.length;
        sent += 1;
        const answer = await clients[i]?.get('/orgs/acme');
        const counts = answer?.status === 429 ? refused : served;
        if (answer?.status !== 429) expect(answer?.status).toBe(status);
        counts[i] = (counts[i] ?? 0) + 1;
        if (pauseMs > 0) await sleep(pauseMs);
      }
    };
    await Promise.all([sender(), sender()]);
    const refilled = (limit * (performance.now() - started)) / 60_000;
    return { served: (served[0] ?? 0) + (served[1] ?? 0), refused, most: limit + refilled };
  }

  it('a caller gets the limit of one process, and at most an eighth more', async () => {
    const { served, refused, most } = await load(API_KEY, LIMIT, 1.6 * LIMIT, 200);
    expect(served).toBeGreaterThanOrEqual(LIMIT);
    // What is served while an exchange is under way comes on top.
    expect(served).toBeLessThanOrEqual(most + 2 * (LIMIT / 8));
    for (const count of refused) expect(count).toBeGreaterThan(0);
  });

  it('an address that sends bad tokens is refused by both', async () => {
    const { served, refused, most } = await load('letmein', BAD, 1.8 * BAD, 401, 5);
    expect(served).toBeLessThanOrEqual(most + 2 * (BAD / 8));
    for (const count of refused) expect(count).toBeGreaterThan(0);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoTraffic } from '../src/demo/traffic.ts';
import { type OpenServices, openServices } from '../src/server/compose.ts';
import { readSettings } from '../src/server/settings.ts';
import { BATCH_AT_MOST, BATCHES_AT_ONCE } from '../src/traffic/ingest.ts';

/**
 * Traffic at size, on the embedded store: what a page costs at a million
 * messages against ten thousand, how fast batches are taken, and what memory
 * it takes to page through everything. Ratios come from one run, and times are CPU
 * time of this process, so that a busy machine shows as little as may be.
 */
const LARGE = Number(process.env.MESSAGES ?? 1_000_000);
const SMALL = 10_000;
const ROUNDS = 30;
const PAGES = 40;
const DAYS = 30;
const ORG = 'acme';

const folder = mkdtempSync(join(tmpdir(), 'agent-api-bench-'));
const open = await openServices(
  readSettings({ STORE_URL: `lmdb:${folder}`, DEMO_DATA: '0', LOG_LEVEL: 'silent' }),
);
try {
  await measure(open);
} finally {
  await open.close();
  rmSync(folder, { recursive: true, force: true });
}

async function measure({ services }: OpenServices): Promise<void> {
  await services.orgs.ensure(ORG, 'Acme');
  await fill('small', SMALL, services);
  await fill('large', LARGE, services);
  const until = Date.now();
  const middle = new Date(until - (DAYS / 2) * 86_400_000).toISOString();
  for (const list of ['messages', 'conversations'] as const) {
    for (const [place, end] of [['first'], ['middle', middle]] as const) {
      const [small, large] = await pageCosts(list, end);
      print(`${list}, ${place} page`, `${(large / small).toFixed(2)} × the cost at ${SMALL}`, [
        `${small.toFixed(0)} µs → ${large.toFixed(0)} µs at ${LARGE}`,
        'target ≤ 1.3',
      ]);
    }
  }
  await pageThrough('large');

  /** CPU time of a page, in microseconds, of the small and the large agent: the best of many rounds, in turn. */
  async function pageCosts(list: 'messages' | 'conversations', end?: string) {
    const owners = await Promise.all(
      ['small', 'large'].map((id) => services.agents.get({ org: ORG, id })),
    );
    const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as [number, number];
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [i, owner] of owners.entries()) {
        const before = process.cpuUsage();
        for (let n = 0; n < PAGES; n += 1) {
          await services.traffic[list](owner, {
            start: '1970-01-01T00:00:00.000Z',
            end,
            first: 50,
          });
        }
        const { user, system } = process.cpuUsage(before);
        best[i] = Math.min(best[i] ?? 0, (user + system) / PAGES);
      }
    }
    return best;
  }

  async function pageThrough(id: string): Promise<void> {
    const owner = await services.agents.get({ org: ORG, id });
    let after: string | undefined;
    let seen = 0;
    let most = 0;
    do {
      const page = await services.traffic.messages(owner, {
        start: '1970-01-01T00:00:00.000Z',
        includeTest: true,
        first: 1_000,
        after,
      });
      seen += page.docs.length;
      after = page.more ? page.endToken() : undefined;
      const { heapUsed, external } = process.memoryUsage();
      most = Math.max(most, heapUsed + external);
    } while (after !== undefined);
    const megabytes = (most / 1024 / 1024).toFixed(0);
    print('paging through everything', `${megabytes} MB of heap at the most`, [
      `${seen} messages`,
      'target < 200 MB',
    ]);
  }
}

async function fill(id: string, messages: number, services: OpenServices['services']) {
  await services.agents.create(ORG, { id, name: id });
  const entries = demoTraffic({
    agentId: id,
    messages,
    users: Math.max(10, messages / 100),
    days: DAYS,
    until: Date.now(),
    seed: messages,
  });
  let taken = 0;
  let millis = 0;
  let cpu = 0;
  let batches: object[][] = [[]];
  const flush = async () => {
    const before = process.cpuUsage();
    const began = performance.now();
    const done = await Promise.all(batches.map((it) => services.ingest.ingest(ORG, it)));
    millis += performance.now() - began;
    const { user, system } = process.cpuUsage(before);
    cpu += (user + system) / 1_000;
    taken += done.reduce((sum, it) => sum + it.messages, 0);
    batches = [[]];
  };
  for (const entry of entries) {
    // Log entries are another matter.
    if (!('messageId' in entry)) continue;
    if ((batches.at(-1)?.push(entry) ?? 0) < BATCH_AT_MOST) continue;
    if (batches.length === BATCHES_AT_ONCE) await flush();
    else batches.push([]);
  }
  await flush();
  print(`taking ${taken} messages`, `${Math.round((taken / millis) * 1_000)} a second`, [
    `${Math.round((taken / cpu) * 1_000)} a second of CPU time`,
    'target ≥ 20000',
  ]);
}

function print(what: string, result: string, notes: readonly string[]): void {
  process.stdout.write(`${what}: ${result} (${notes.join('; ')})\n`);
}

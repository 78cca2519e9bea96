import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoTraffic } from '../src/demo/traffic.ts';
import { type OpenServices, openServices } from '../src/server/compose.ts';
import { readSettings } from '../src/server/settings.ts';
import { startServer } from '../src/server/start.ts';
import { BATCHES_AT_ONCE, MAX_BATCH } from '../src/traffic/ingest.ts';
import { systemWork } from '../src/work.ts';

/**
 * Measures traffic on the embedded store: the cost of a page at a million messages against ten
 * thousand, the rate of ingest, and the memory of a server while a client pages through
 * everything. Times are CPU times of this process and ratios are within one run, so that other
 * load on the machine changes them little.
 */
const work = systemWork('bench');
const LARGE = Number(process.env.MESSAGES ?? 1_000_000);
const SMALL = 10_000;
const ROUNDS = 30;
const PAGES = 40;
const DAYS = 30;
const ORG = 'acme';

const MEBIBYTE = 1024 * 1024;

const [, , role, given] = process.argv;
const folder = role === 'serve' && given ? given : mkdtempSync(join(tmpdir(), 'agent-api-bench-'));
const settings = readSettings({
  STORE_URL: `lmdb:${folder}`,
  PORT: '0',
  RATE_LIMIT_PRINCIPAL: '0',
  RATE_LIMIT_ORG: '0',
  DEMO_DATA: '0',
  LOG_LEVEL: 'silent',
});
if (role === 'serve') await serve();
else {
  const open = await openServices(settings);
  try {
    await measure(open);
  } finally {
    await open.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A process's memory in MiB: its own, and its own with the mapped pages of the store's file. */
interface Memory {
  readonly own: number;
  readonly resident: number;
}

/** Serves the store until the parent disconnects. Sends it the URL, and on request the peak memory. */
async function serve(): Promise<void> {
  const { url, stop } = await startServer(settings);
  let peak: Memory = { own: 0, resident: 0 };
  const sample = () => {
    const { own, resident } = memory();
    peak = { own: Math.max(peak.own, own), resident: Math.max(peak.resident, resident) };
  };
  const watch = setInterval(sample, 20);
  process.on('message', () => process.send?.(peak));
  process.once('disconnect', () => {
    clearInterval(watch);
    void stop();
  });
  process.send?.(url);
}

function memory(): Memory {
  const { rss, heapTotal, external } = process.memoryUsage();
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  const [, kibibytes] = /^RssAnon:\s+(\d+) kB$/m.exec(status) ?? [];
  const own = kibibytes ? Number(kibibytes) * 1024 : heapTotal + external;
  return { own: own / MEBIBYTE, resident: rss / MEBIBYTE };
}

async function measure({ services }: OpenServices): Promise<void> {
  await services.orgs.ensure(work, ORG, 'Acme');
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

  /** The CPU time of a page of the small and of the large agent, in microseconds: the best of many alternating rounds. */
  async function pageCosts(list: 'messages' | 'conversations', end?: string) {
    const owners = await Promise.all(
      ['small', 'large'].map((id) => services.agents.get(work, { org: ORG, id })),
    );
    const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as [number, number];
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [i, owner] of owners.entries()) {
        const before = process.cpuUsage();
        for (let n = 0; n < PAGES; n += 1) {
          await services.traffic[list](work, owner, {
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

  /** Pages through REST as a client does, on a server process of its own over the same store. */
  async function pageThrough(id: string): Promise<void> {
    const { secret } = await services.apiKeys.mint(work, ORG, {
      name: 'Bench',
      role: 'viewer',
      scopes: ['messages:read'],
    });
    // The heap bound of `npm start`.
    const execArgv = ['--max-old-space-size=1536'];
    const server = fork(process.argv[1] ?? '', ['serve', folder], { execArgv });
    const [url] = (await once(server, 'message')) as [string];
    const list = `${url}/v1/orgs/${ORG}/agents/${id}/messages?start=0&includeTest=true&limit=1000`;
    let seen = 0;
    let token = '';
    do {
      const response = await fetch(list + token, {
        headers: { Authorization: `Bearer ${secret}` },
      });
      const page = (await response.json()) as { data: unknown[]; nextPageToken?: string };
      seen += page.data.length;
      token = page.nextPageToken ? `&pageToken=${page.nextPageToken}` : '';
    } while (token);
    server.send('peak');
    const [peak] = (await once(server, 'message')) as [Memory];
    server.disconnect();
    await once(server, 'exit');
    print(
      'paging through everything',
      `at most ${peak.own.toFixed(0)} MiB of the server's memory`,
      [
        `${peak.resident.toFixed(0)} MiB with mapped pages of the store's file`,
        `${seen} messages`,
        'target < 200',
      ],
    );
  }
}

async function fill(id: string, messages: number, services: OpenServices['services']) {
  await services.agents.create(work, ORG, { id, name: id });
  const entries = demoTraffic({
    agentId: id,
    messages,
    users: Math.max(10, messages / 100),
    days: DAYS,
    until: Date.now(),
    seed: messages,
  });
  let stored = 0;
  let millis = 0;
  let cpu = 0;
  let batches: object[][] = [[]];
  const flush = async () => {
    const before = process.cpuUsage();
    const began = performance.now();
    const done = await Promise.all(batches.map((it) => services.ingest.ingest(work, ORG, it)));
    millis += performance.now() - began;
    const { user, system } = process.cpuUsage(before);
    cpu += (user + system) / 1_000;
    stored += done.reduce((sum, it) => sum + it.messages, 0);
    batches = [[]];
  };
  for (const entry of entries) {
    // Measures messages only.
    if (!('messageId' in entry)) continue;
    if ((batches.at(-1)?.push(entry) ?? 0) < MAX_BATCH) continue;
    if (batches.length === BATCHES_AT_ONCE) await flush();
    else batches.push([]);
  }
  await flush();
  print(`ingesting ${stored} messages`, `${Math.round((stored / millis) * 1_000)} per second`, [
    `${Math.round((stored / cpu) * 1_000)} per second of CPU time`,
    'target ≥ 20000',
  ]);
}

function print(what: string, result: string, notes: readonly string[]): void {
  process.stdout.write(`${what}: ${result} (${notes.join('; ')})\n`);
}

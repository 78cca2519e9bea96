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
 * Traffic at size, on the embedded store: what a page costs at a million
 * messages against ten thousand, how fast batches are taken, and what memory
 * a server takes that everything is paged through of. Ratios come from one run, and times are CPU
 * time of this process, so that a busy machine shows as little as may be.
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

/** What a process takes of memory, in MiB: its own, and with what it maps of the store's file. */
interface Memory {
  readonly own: number;
  readonly resident: number;
}

/** Serves the store until its parent goes; tells it the URL, and the most memory that it had. */
async function serve(): Promise<void> {
  const { url, stop } = await startServer(settings);
  let most: Memory = { own: 0, resident: 0 };
  const look = () => {
    const { own, resident } = memory();
    most = { own: Math.max(most.own, own), resident: Math.max(most.resident, resident) };
  };
  const watch = setInterval(look, 20);
  process.on('message', () => process.send?.(most));
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

  /** CPU time of a page, in microseconds, of the small and the large agent: the best of many rounds, in turn. */
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

  /** By REST, as a client does, from a server of its own over the same store. */
  async function pageThrough(id: string): Promise<void> {
    const { secret } = await services.apiKeys.mint(work, ORG, {
      name: 'Bench',
      role: 'viewer',
      scopes: ['messages:read'],
    });
    // As `npm start` does.
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
    server.send('most');
    const [most] = (await once(server, 'message')) as [Memory];
    server.disconnect();
    await once(server, 'exit');
    print(
      'paging through everything',
      `${most.own.toFixed(0)} MiB of the server's memory at the most`,
      [
        `${most.resident.toFixed(0)} MiB with the store's file that it maps`,
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
  let taken = 0;
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
    taken += done.reduce((sum, it) => sum + it.messages, 0);
    batches = [[]];
  };
  for (const entry of entries) {
    // Log entries are another matter.
    if (!('messageId' in entry)) continue;
    if ((batches.at(-1)?.push(entry) ?? 0) < MAX_BATCH) continue;
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

import { mintApiKey } from '../src/api-keys/token.ts';
import { demoTraffic } from '../src/demo/traffic.ts';
import { servicesOn } from '../src/server/compose.ts';
import { systemEffects } from '../src/server/effects.ts';
import { readSettings } from '../src/server/settings.ts';
import { startServer } from '../src/server/start.ts';
import type { Services } from '../src/services.ts';
import { openStore } from '../src/store/open.ts';
import { systemWork } from '../src/work.ts';
import { type Command, RecordingStore } from './recording-store.ts';
import { type Cell, table } from './table.ts';

/**
 * Counts what requests read and write: the real server on a store that notes each command.
 *
 * Each org is measured small and large. Where both read the same, the rest of the store does not
 * matter either: every command names a key, the range of keys of one org or owner, or all
 * shards, and the store checks which. The last are what grows with the number of agents.
 */
const SIZES = [100, Number(process.env.AGENTS ?? 2_000)] as const;
const STORE_SIZES = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8];
/** Some 40 GB of agents. */
const AGENTS_PER_SHARD = 1e6;
const TEMPLATE = '@anychat/agent-template.sales-development';
const PEOPLE = 200;
const MESSAGES = 500;

const ORG = 'acme';
const AGENT_ID = 'agent-1';

interface Request {
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly body?: (n: number) => unknown;
}

const AGENT = `/v1/orgs/${ORG}/agents/${AGENT_ID}`;
const graphql = (query: string) => ({ method: 'POST', path: '/graphql', body: () => ({ query }) });
const ofOrg = (selection: string) => graphql(`{ org(id: "${ORG}") { ${selection} } }`);
const REQUESTS: readonly Request[] = [
  { title: 'agent', method: 'GET', path: AGENT },
  { title: 'agent, exported', method: 'GET', path: `${AGENT}/export?format=json` },
  { title: 'agents, a page', method: 'GET', path: `/v1/orgs/${ORG}/agents?limit=50` },
  { title: 'agents, names by GraphQL', ...ofOrg('agents(first: 50) { nodes { id name } }') },
  {
    title: 'readiness by GraphQL',
    ...ofOrg(`agent(id: "${AGENT_ID}") { readiness { code } }`),
  },
  {
    title: 'agent changed',
    method: 'PATCH',
    path: `${AGENT}/identity`,
    body: (n) => ({ brandColor: `#${String(100_000 + n)}` }),
  },
  {
    title: 'agent created',
    method: 'POST',
    path: `/v1/orgs/${ORG}/agents`,
    body: () => ({ name: 'New' }),
  },
  { title: 'people, a page', method: 'GET', path: `${AGENT}/people?limit=50` },
  {
    title: 'person created',
    method: 'POST',
    path: `${AGENT}/people`,
    body: () => ({ firstName: 'Ann' }),
  },
  { title: 'messages, a page', method: 'GET', path: `${AGENT}/messages?limit=50` },
  { title: 'conversations, a page', method: 'GET', path: `${AGENT}/conversations?limit=50` },
  { title: 'API keys', method: 'GET', path: `/v1/orgs/${ORG}/api-keys` },
  { title: 'webhooks', method: 'GET', path: `/v1/orgs/${ORG}/webhooks` },
];

/** What one request took. */
interface Taken {
  readonly commands: number;
  readonly documents: number;
  readonly kilobytes: number;
  /** Commands that every shard is sent. */
  readonly scattered: number;
  readonly targeted: number;
}

async function measured(agents: number): Promise<ReadonlyMap<string, Taken>> {
  const token = mintApiKey(systemEffects().random);
  const settings = readSettings({
    STORE_URL: 'lmdb::memory:',
    PORT: '0',
    RATE_LIMIT_PRINCIPAL: '0',
    RATE_LIMIT_ORG: '0',
    DEMO_DATA: '0',
    LOG_LEVEL: 'error',
    BOOTSTRAP_API_KEY: token,
    // Nothing is answered from memory.
    ANSWER_CACHE_BYTES: '1',
  });
  let store: RecordingStore | undefined;
  const server = await startServer(
    settings,
    () => undefined,
    async (given, events, catalog) => {
      store = new RecordingStore(await openStore(given.store, events));
      if (!catalog) throw new Error('the server passes its catalog');
      return servicesOn(store, given, catalog);
    },
  );
  if (!store) throw new Error('the server opened no store');
  try {
    const { url, services } = server;
    await fill(services, agents);
    await send(url, token, {
      title: 'template',
      method: 'POST',
      path: `${AGENT}/apply-template`,
      body: () => ({ templateId: TEMPLATE }),
    });
    const results = new Map<string, Taken>();
    for (const request of REQUESTS) {
      // The first request of a kind fills what a process keeps.
      for (let n = 0; n < 2; n += 1) {
        store.taken();
        await send(url, token, request, n);
      }
      results.set(request.title, takenOf(store.taken()));
    }
    return results;
  } finally {
    await server.stop();
  }
}

async function fill({ agents, people, ingest }: Services, count: number): Promise<void> {
  const work = systemWork('bench');
  for (let n = 0; n < count; n += 1) {
    await agents.create(work, ORG, { id: `agent-${n}`, name: `Agent ${n}` });
  }
  const agent = await agents.get(work, { org: ORG, id: AGENT_ID });
  for (let n = 0; n < PEOPLE; n += 1) {
    await people.create(work, agent, { firstName: 'Ann', lastName: `Number ${n}` });
  }
  const traffic = { agentId: AGENT_ID, messages: MESSAGES, users: 50, days: 30, seed: 1 };
  await ingest.ingest(work, ORG, [...demoTraffic({ ...traffic, until: Date.now() })]);
}

async function send(url: string, token: string, request: Request, n = 0): Promise<void> {
  const { method, path, body } = request;
  const response = await fetch(url + path, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    ...(body && { body: JSON.stringify(body(n)) }),
  });
  const text = await response.text();
  if (!response.ok || text.startsWith('{"errors"')) throw new Error(`${method} ${path}: ${text}`);
}

function takenOf(commands: readonly Command[]): Taken {
  const sum = (of: (command: Command) => number) => commands.reduce((n, it) => n + of(it), 0);
  const scattered = commands.filter(({ reach }) => reach === 'all').length;
  return {
    commands: commands.length,
    documents: sum(({ documents }) => documents),
    kilobytes: sum(({ bytes }) => bytes) / 1_000,
    scattered,
    targeted: commands.length - scattered,
  };
}

const runs = [];
for (const size of SIZES) runs.push(await measured(size));
const [small, large] = runs;
if (!small || !large) throw new Error('two sizes are measured');

const heads = ['', 'commands', 'documents', 'kB', `documents at ${SIZES[1]}`, 'kB'];
const sized = STORE_SIZES.map((agents) => `10^${Math.log10(agents)}`);
const rows = [...small].map(([title, taken]): Cell[] => {
  const grown = large.get(title) ?? taken;
  return [
    title,
    [taken.commands, 0],
    [taken.documents, 0],
    [taken.kilobytes, 1],
    [grown.documents, 0],
    [grown.kilobytes, 1],
    ...STORE_SIZES.map((agents): Cell => [shardsTouched(grown, agents), 0]),
  ];
});
process.stdout.write(
  `Commands, documents and bytes of one request, in an org of ${SIZES.join(' and of ')} agents;\n` +
    `commands to shards in a store of so many agents, ${AGENTS_PER_SHARD} on each shard\n\n` +
    table([...heads, ...sized], rows),
);

function shardsTouched({ targeted, scattered }: Taken, agents: number): number {
  return targeted + scattered * Math.max(1, Math.ceil(agents / AGENTS_PER_SHARD));
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHANGES } from '../src/changes/collection.ts';
import type { ExportFormat } from '../src/definitions/export.ts';
import type { Agent } from '../src/domain/agents.ts';
import { applyTemplate } from '../src/domain/apply-template.ts';
import { accepted } from '../src/domain/outcome.ts';
import { updateSkill } from '../src/domain/skills.ts';
import { historyKey, VERSIONS } from '../src/history/collection.ts';
import { allDocs } from '../src/paging/all-docs.ts';
import { type OpenServices, openServices } from '../src/server/compose.ts';
import { readSettings } from '../src/server/settings.ts';
import { systemWork } from '../src/work.ts';

/**
 * Measures the history of an agent with the Sales template on the embedded store, at 10, 1,000 and
 * 100,000 versions: the cost of a write, of a page of 50 versions and of reading the oldest, a
 * middle and the newest version, and the bytes that a small edit adds. Times are CPU times of this
 * process, medians of rounds.
 */
const work = systemWork('bench');
const LENGTHS = (process.env.VERSIONS ?? '10,1000,100000').split(',').map(Number);
const SALES = '@anychat/agent-template.sales-development';
const ROUNDS = 9;
const PER_ROUND = 40;
const ORG = 'acme';

const folder = mkdtempSync(join(tmpdir(), 'agent-api-bench-'));
const open = await openServices(readSettings({ STORE_URL: `lmdb:${folder}`, LOG_LEVEL: 'silent' }));
async function measure({ store }: OpenServices): Promise<void> {
  const warm = await Subject.create('warm');
  await warm.costs();
  const subject = await Subject.create('acme-demo');
  print(['versions', 'write', 'page of 50', 'oldest', 'middle', 'newest', 'newest, YAML']);
  for (const length of LENGTHS) {
    while (subject.agent.version < length) await subject.edit();
    const costs = await subject.costs();
    print([String(length), ...costs.map((us) => `${Math.round(us)} µs`)]);
  }
  const { agent } = subject;
  const eq = [historyKey(agent)];
  const bytes = { snapshots: 0, deltas: 0, records: 0 };
  const versions = await store.collection(VERSIONS);
  for await (const doc of allDocs(work, versions, { index: 'byTime', eq })) {
    bytes[doc.snapshot ? 'snapshots' : 'deltas'] += bytesOf(doc);
  }
  const changes = await store.collection(CHANGES);
  const byAgent = { index: 'byResource', eq: [agent.org, 'agent', agent.uid] };
  for await (const doc of allDocs(work, changes, byAgent)) bytes.records += bytesOf(doc);
  const document = bytesOf(agent);
  process.stdout.write(`\n${document} bytes: the document\n`);
  for (const [name, sum] of Object.entries(bytes)) {
    const each = sum / agent.version;
    process.stdout.write(
      `${Math.round(each)} bytes per edit: ${name} (${percent(each / document)})\n`,
    );
  }
}

/** An agent with the Sales template. */
class Subject {
  agent: Agent;
  #edits = 0;

  constructor(agent: Agent) {
    this.agent = agent;
  }

  static async create(id: string): Promise<Subject> {
    const { agents, catalog } = open.services;
    const sales = catalog.agentTemplates.require(SALES);
    const { org } = await agents.create(work, ORG, { name: 'Acme', id });
    const apply = (it: Agent) => accepted(applyTemplate(it, sales, catalog)).agent;
    return new Subject(await agents.change(work, { org, id }, undefined, apply));
  }

  async edit(): Promise<void> {
    const { skills = [] } = this.agent;
    this.#edits += 1;
    const n = this.#edits;
    const { id } = skills[n % skills.length] ?? { id: '' };
    const { agents } = open.services;
    this.agent = await agents.change(work, this.agent, undefined, (it) => edited(it, id, n));
  }

  async costs(): Promise<number[]> {
    const { version } = this.agent;
    const { history } = open.services;
    const reads = [
      await cost(() => history.list(work, this.agent, { first: 50 })),
      await cost(() => this.#read(2, 'json')),
      await cost(() => this.#read(Math.ceil(version / 2), 'json')),
      await cost(() => this.#read(version, 'json')),
      await cost(() => this.#read(version, 'yaml')),
    ];
    return [await cost(() => this.edit()), ...reads];
  }

  async #read(version: number, format: ExportFormat): Promise<void> {
    const { history, definitions } = open.services;
    await definitions.export(work, await history.content(work, this.agent, version), format);
  }
}

/** A small edit: a line is put behind the body of a skill. */
function edited(agent: Agent, id: string, n: number): Agent {
  const body = agent.skills?.find((one) => one.id === id)?.body ?? '';
  const [first = ''] = body.split('\n\nEdit ');
  return updateSkill(agent, id, { body: `${first}\n\nEdit ${n}.` }, open.services.catalog).agent;
}

/** The median CPU time of a call, in µs. */
async function cost(call: () => Promise<unknown>): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    for (let i = 0; i < PER_ROUND; i += 1) await call();
    const { user, system } = process.cpuUsage(before);
    rounds.push((user + system) / PER_ROUND);
  }
  return rounds.sort((a, b) => a - b)[ROUNDS >> 1] ?? 0;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function print(cells: readonly string[]): void {
  process.stdout.write(`${cells.map((cell) => cell.padStart(12)).join('  ')}\n`);
}

try {
  await measure(open);
} finally {
  await open.close();
  rmSync(folder, { recursive: true, force: true });
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoTraffic } from '../src/demo/traffic.ts';
import type { Agent } from '../src/domain/agents.ts';
import { applyTemplate } from '../src/domain/apply-template.ts';
import { accepted } from '../src/domain/outcome.ts';
import { updateSkill } from '../src/domain/skills.ts';
import { type OpenServices, openServices } from '../src/server/compose.ts';
import { readSettings } from '../src/server/settings.ts';
import { inspectStore } from '../src/store/open.ts';
import { MAX_BATCH } from '../src/traffic/ingest.ts';
import { systemWork } from '../src/work.ts';

/**
 * Measures what things take in the file of the embedded store, with their indexes and their records
 * in the change log: the growth of the part of the file that is used, for each of many.
 */
const work = systemWork('bench');
const ORG = 'acme';
const SALES = '@anychat/agent-template.sales-development';
const COUNT = Number(process.env.COUNT ?? 1_000);

const folder = mkdtempSync(join(tmpdir(), 'agent-api-bench-'));
const settings = readSettings({ STORE_URL: `lmdb:${folder}`, LOG_LEVEL: 'silent' });
const open = await openServices(settings);
try {
  await measure(open);
} finally {
  await open.close();
  rmSync(folder, { recursive: true, force: true });
}

async function measure({ services }: OpenServices): Promise<void> {
  const { agents, catalog, ingest, people } = services;
  const sales = catalog.agentTemplates.require(SALES);
  await services.orgs.ensure(work, ORG, 'Acme');

  await grown('an agent without content', COUNT, async (n) => {
    await agents.create(work, ORG, { name: 'Empty', id: `empty-${n}` });
  });
  await grown('an agent with the Sales template, in two versions', COUNT, async (n) => {
    const ref = { org: ORG, id: `sales-${n}` };
    await agents.create(work, ORG, { name: 'Sales', id: ref.id });
    await agents.change(
      work,
      ref,
      undefined,
      (it: Agent) => accepted(applyTemplate(it, sales, catalog)).agent,
    );
  });
  const edited = { org: ORG, id: 'sales-0' };
  await grown('a version: a small edit of such an agent', COUNT, async (n) => {
    await agents.change(work, edited, undefined, (it) => {
      const id = it.skills?.[0]?.id ?? '';
      return updateSkill(it, id, { body: `Edit ${n}.` }, catalog).agent;
    });
  });
  await grown('a person with a name, an e-mail and a phone', COUNT, async (n) => {
    const [firstName, lastName] = ['Ada', `Lovelace ${n}`];
    const phone = `+4915112${String(n).padStart(6, '0')}`;
    await people.create(work, edited, { firstName, lastName, email: `ada-${n}@acme.test`, phone });
  });
  const traffic = demoTraffic({
    agentId: edited.id,
    messages: 20 * COUNT,
    users: COUNT / 5,
    days: 30,
    until: Date.now(),
    seed: 1,
  });
  const messages = [...traffic].filter((entry) => 'messageId' in entry);
  const batches = Math.floor(messages.length / MAX_BATCH);
  const name = 'a message, with its part of a conversation and a user';
  await grown(name, batches * MAX_BATCH, async (n) => {
    if (n % MAX_BATCH > 0) return;
    await ingest.ingest(work, ORG, messages.slice(n, n + MAX_BATCH));
  });
}

/** Prints by how many bytes the store grew for each of `count` things. */
async function grown(name: string, count: number, make: (n: number) => Promise<void>) {
  const before = await usedBytes();
  for (let n = 0; n < count; n += 1) await make(n);
  const each = Math.round(((await usedBytes()) - before) / count);
  process.stdout.write(`${String(each).padStart(8)} bytes: ${name}\n`);
}

async function usedBytes(): Promise<number> {
  const store = await inspectStore(settings.store);
  try {
    return (await store.size()).usedBytes;
  } finally {
    await store.close();
  }
}

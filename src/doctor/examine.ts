import { AGENTS } from '../agents/collection.ts';
import { JOBS } from '../changes/jobs.ts';
import { keysInUse, missingKeys } from '../secrets/key-check.ts';
import type { Keyring } from '../secrets/keyring.ts';
import type { SealedDoc } from '../secrets/sealed.ts';
import { STORE_FORMAT } from '../store/format.ts';
import type { Inspection } from '../store/inspection.ts';
import type { CollectionSpec } from '../store/port.ts';
import type { Work } from '../work.ts';
import { BACKLOG_INDEXES, COLLECTIONS, SEALED } from './collections.ts';
import type { Finding } from './finding.ts';

/** Documents, and entries of each index, that are examined of each collection. */
const SAMPLE = 500;
const MAX_BACKLOG = 10_000;
/** A running server does work sooner. */
const MAX_WAIT_MS = 15 * 60_000;
const MIN_FREE_BYTES = 64 * 1024 * 1024;
const MEBIBYTE = 1024 * 1024;

export interface Examined {
  readonly store: Inspection;
  /** Undefined where no key is given. */
  readonly keyring: Keyring | undefined;
  readonly now: Date;
}

/** Examines an open store. Reads alone. */
export async function examine(work: Work, examined: Examined): Promise<readonly Finding[]> {
  const { store } = examined;
  return [
    { check: 'format', level: 'ok', message: `format ${STORE_FORMAT}` },
    await keysOf(work, examined),
    ...(await indexesOf(store)),
    await orphansOf(work, store),
    ...(await backlogOf(work, examined)),
    ...readersOf(store),
    await sizeOf(store),
  ];
}

async function keysOf(work: Work, { store, keyring }: Examined): Promise<Finding> {
  const check = 'keys';
  const found = await Promise.all(SEALED.map((spec) => store.collection<SealedDoc>(spec)));
  const sealed = found.flatMap((collection) => collection ?? []);
  const kids = await keysInUse(work, sealed);
  if (kids.size === 0) return { check, level: 'ok', message: 'no secret is stored' };
  if (!keyring) {
    const advice = 'Put secrets.key back, or set SECRETS_KEY to the key that encrypted them.';
    return { check, level: 'problem', message: 'secrets are stored, and no key is given', advice };
  }
  const missing = missingKeys(kids, keyring);
  if (missing.length > 0) {
    const message = `${missing.length} of ${kids.size} keys in use are not given: ${missing.join(', ')}`;
    const advice =
      'Set SECRETS_KEY to the key that encrypted the secrets, or add it to SECRETS_KEYS_OLD.';
    return { check, level: 'problem', message, advice };
  }
  for (const spec of SEALED) {
    for (const doc of await store.sample(spec, SAMPLE)) {
      if (await keyring.opens(doc as SealedDoc, doc.key)) continue;
      const advice = 'Enter this secret again; if there are many, restore a backup.';
      return { check, level: 'problem', message: `${doc.key} is damaged`, advice };
    }
  }
  if (kids.size > 1) {
    const advice = 'Run `agent-api secrets rotate`.';
    return { check, level: 'warning', message: `${kids.size} keys are in use`, advice };
  }
  return { check, level: 'ok', message: 'every secret has a given key' };
}

async function indexesOf(store: Inspection): Promise<readonly Finding[]> {
  const check = 'indexes';
  const findings: Finding[] = [];
  let checked = 0;
  for (const spec of COLLECTIONS) {
    const report = await store.indexes(spec, SAMPLE);
    checked += report.checked;
    if (report.missing.length > 0) {
      const message = `${spec.name} lacks ${report.missing.join(', ')}`;
      findings.push({ check, level: 'warning', message, advice: 'The next start creates them.' });
    }
    if (report.wrong.length > 0) {
      const message = `${spec.name} has ${report.wrong.length} wrong entries, such as ${report.wrong[0]}`;
      const advice = 'Stop every process, and restore a backup.';
      findings.push({ check, level: 'problem', message, advice });
    }
  }
  if (findings.length > 0) return findings;
  return [{ check, level: 'ok', message: `complete, on a sample of ${checked} comparisons` }];
}

async function orphansOf(work: Work, store: Inspection): Promise<Finding> {
  const check = 'orphans';
  const agents = await store.collection(AGENTS);
  if (!agents) return { check, level: 'warning', message: 'the agents cannot be listed yet' };
  const known = new Map<string, boolean>();
  const exists = async (owner: string) => {
    const [org = '', uid = ''] = owner.split('/');
    const scan = { index: 'byOrg', eq: [org], from: uid, before: `${uid}\0`, limit: 1, fields: [] };
    return (await agents.scan(work, scan)).docs.length > 0;
  };
  let checked = 0;
  const orphans: string[] = [];
  for (const spec of COLLECTIONS.filter(isOwned)) {
    for (const doc of await store.sample(spec, SAMPLE)) {
      if (!('owner' in doc) || typeof doc.owner !== 'string') continue;
      const owner = doc.owner;
      if (!known.has(owner)) known.set(owner, await exists(owner));
      checked += 1;
      if (!known.get(owner)) orphans.push(`${spec.name} ${doc.key}`);
    }
  }
  if (orphans.length === 0) {
    return { check, level: 'ok', message: `none in a sample of ${checked} documents` };
  }
  const message = `${orphans.length} of ${checked} sampled documents belong to removed agents, such as ${orphans[0]}`;
  const jobs = await store.collection(JOBS);
  const due = { index: 'due', eq: [], limit: 1, fields: [] };
  const isPurging = jobs && (await jobs.scan(work, due)).docs.length > 0;
  return isPurging
    ? { check, level: 'warning', message, advice: 'A running server removes them.' }
    : {
        check,
        level: 'problem',
        message,
        advice: 'Report it with this output: nothing removes them.',
      };
}

/** Whether an agent owns the documents. Webhooks have secrets too, so those are left out. */
function isOwned(spec: CollectionSpec): boolean {
  return 'byOwner' in spec.indexes && !SEALED.some(({ name }) => name === spec.name);
}

async function backlogOf(work: Work, { store, now }: Examined): Promise<readonly Finding[]> {
  const check = 'backlog';
  const findings: Finding[] = [];
  for (const spec of COLLECTIONS) {
    const [index] = Object.keys(spec.indexes).filter((name) => BACKLOG_INDEXES.has(name));
    const collection = index === undefined ? undefined : await store.collection(spec);
    if (index === undefined || !collection) continue;
    const scan = { index, eq: [], limit: MAX_BACKLOG, fields: [] };
    const { docs, more, cursorOf } = await collection.scan(work, scan);
    const [oldest] = docs;
    if (!oldest) continue;
    // Of events, it is an id.
    const since = Date.parse(cursorOf(oldest).order);
    const shown = Number.isNaN(since) ? '' : `, since ${new Date(since).toISOString()}`;
    const message = `${spec.name}: ${more ? 'more than ' : ''}${docs.length} wait${shown}`;
    const late = since < now.getTime() - MAX_WAIT_MS;
    findings.push(
      late || more
        ? { check, level: 'warning', message, advice: 'Start a server; if one runs, read its log.' }
        : { check, level: 'ok', message },
    );
  }
  return findings.length > 0 ? findings : [{ check, level: 'ok', message: 'nothing waits' }];
}

function readersOf(store: Inspection): readonly Finding[] {
  const readers = store.readers();
  if (!readers) return [];
  const message = `${readers.count} of ${readers.max} reader slots`;
  const advice = 'Stop processes that use this folder.';
  return readers.count < readers.max / 2
    ? [{ check: 'readers', level: 'ok', message }]
    : [{ check: 'readers', level: 'warning', message, advice }];
}

async function sizeOf(store: Inspection): Promise<Finding> {
  const { bytes, usedBytes } = await store.size();
  const shown = (value: number) => `${(value / MEBIBYTE).toFixed(1)} MiB`;
  const message = `${shown(bytes)}, of which ${shown(usedBytes)} are used`;
  if (bytes - usedBytes < Math.max(MIN_FREE_BYTES, usedBytes)) {
    return { check: 'size', level: 'ok', message };
  }
  const advice =
    'The rest is used again. To shrink the file: `agent-api backup`, then `agent-api restore-backup` to a new folder.';
  return { check: 'size', level: 'warning', message, advice };
}

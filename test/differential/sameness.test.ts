import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OidcServer, startOidc } from '../kit/oidc.ts';
import { hasSecantus, startSecantus } from '../kit/secantus.ts';
import { historyOf, type Step } from './history.ts';
import { Random } from './random.ts';
import { type Coverage, Difference, MAX_BATCH, newCoverage, runHistory } from './run.ts';
import { shrunk } from './shrink.ts';
import { type Site, startSite } from './world.ts';

const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
const STEPS = Number(process.env.STEPS ?? 10_000);
/** A MongoDB-compatible server is slower by far. */
const MONGODB_STEPS = Math.ceil(STEPS / 10);
const MAX_SHRINKING_MS = 180_000;

let oidc: OidcServer;
let folder: string;
const cleanups: (() => Promise<void>)[] = [];

beforeEach(async () => {
  oidc = await startOidc();
  cleanups.push(() => oidc.stop());
  folder = mkdtempSync(join(tmpdir(), 'agent-api-differential-'));
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  rmSync(folder, { recursive: true, force: true });
});

async function siteOn(store: Readonly<Record<string, string>>): Promise<Site> {
  const site = await startSite(oidc, store);
  cleanups.push(() => site.stop());
  return site;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Expects no difference; shows the shortest history that leads to one. */
async function expectSameness(sites: readonly Site[], history: readonly Step[]): Promise<Coverage> {
  const coverage = newCoverage();
  const difference = await differenceIn(sites, history, coverage);
  if (!difference) return coverage;
  const failed = history.slice(0, coverage.steps + MAX_BATCH);
  const shortest = await shrunk(
    failed,
    async (steps) => (await differenceIn(sites, steps, newCoverage())) !== undefined,
    performance.now() + MAX_SHRINKING_MS,
  );
  const steps = shortest.map((step) => JSON.stringify(step)).join('\n  ');
  throw new Error(
    `seed ${SEED}, step ${coverage.steps} or one of the reads after it: ${difference.message}\nthe shortest history found:\n  ${steps}`,
  );
}

async function differenceIn(
  sites: readonly Site[],
  steps: readonly Step[],
  coverage: Coverage,
): Promise<Difference | undefined> {
  try {
    await runHistory(sites, steps, coverage);
    return undefined;
  } catch (error) {
    if (error instanceof Difference) return error;
    throw error;
  }
}

/** How many read routes were answered with each class of status. */
function summaryOf({ answers }: Coverage): string {
  const counts = new Map<string, number>();
  for (const [key, count] of answers) {
    const [status = ''] = key.split(' ');
    counts.set(status, (counts.get(status) ?? 0) + count);
  }
  return [...counts]
    .sort()
    .map(([status, count]) => `${status}: ${count}`)
    .join(', ');
}

const timeout = 120_000 + MAX_SHRINKING_MS + 100 * STEPS;

describe(`with seed ${SEED}`, () => {
  it(
    `every door, executor and process gives the same answers in ${STEPS} steps`,
    async () => {
      print(`SEED=${SEED} STEPS=${STEPS}`);
      const site = await siteOn({ STORE_URL: `lmdb:${folder}` });
      const coverage = await expectSameness([site], historyOf(new Random(SEED), STEPS, true));
      print(summaryOf(coverage));
      expect(coverage.steps).toBe(STEPS);
    },
    timeout,
  );

  it.runIf(hasSecantus() || process.env.MONGODB_URL)(
    `both stores give the same answers in ${MONGODB_STEPS} steps`,
    async () => {
      const server = process.env.MONGODB_URL ? undefined : await startSecantus();
      if (server) cleanups.push(() => server.kill());
      const url = new URL(server?.url ?? process.env.MONGODB_URL ?? '');
      url.pathname = `/differential-${SEED}`;
      const sites = [
        await siteOn({ STORE_URL: `lmdb:${folder}` }),
        await siteOn({ STORE_URL: url.href }),
      ];
      const history = historyOf(new Random(SEED + 1), MONGODB_STEPS, false);
      const coverage = await expectSameness(sites, history);
      print(summaryOf(coverage));
      expect(coverage.steps).toBe(MONGODB_STEPS);
    },
    timeout,
  );
});

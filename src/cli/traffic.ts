import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Presets, SingleBar } from 'cli-progress';
import { type Command, InvalidArgumentError } from 'commander';
import { DEMO_AGENT } from '../demo/demo.ts';
import { demoTraffic } from '../demo/traffic.ts';
import type { Agent } from '../domain/agents.ts';
import { DomainError, invalid, type Problem } from '../domain/errors.ts';
import type { Services } from '../services.ts';
import {
  BATCHES_AT_ONCE,
  type Ingested,
  MAX_BATCH,
  type TrafficIngest,
} from '../traffic/ingest.ts';
import type { Work } from '../work.ts';
import { KeptPlace } from './kept-place.ts';
import { type Line, linesOf } from './lines.ts';
import { withServices } from './run.ts';

const ABOUT_INGEST = `Store messages and log entries from a file with one JSON object per line, in
the shapes that the API returns. An object with a "level" is a log entry.

An entry that is stored already changes nothing. An interrupted import resumes
where it stopped: its position is kept in FILE.ingested, for the same org and as
long as the file is unchanged up to there.`;

export function addTraffic(program: Command): void {
  program
    .command('ingest')
    .summary('Store messages and log entries from a file.')
    .description(ABOUT_INGEST)
    .argument('<file>', 'NDJSON')
    .option('--org <org>', 'the org of the agents; required if there are several orgs')
    .action((file: string, { org }: { org?: string }) =>
      withServices((services, work) => ingestFile(services, work, org, file)),
    );
  const demo = program.command('demo').description('Create demo data.');
  demo
    .command('traffic')
    .description('Create traffic of an agent, up to now.')
    .argument('[org]', 'required if there are several orgs')
    .argument('[agent]', `default: ${DEMO_AGENT}, which is created if it does not exist`)
    .option(
      '--messages <n>',
      'about how many messages; the last conversation is completed',
      count,
      10_000,
    )
    .option('--users <n>', 'the number of users', count, 500)
    .option('--days <n>', 'the number of days', days, 7)
    .action((org: string | undefined, agent: string | undefined, options: DemoOptions) =>
      withServices((services, work) => makeTraffic(services, work, org, agent, options)),
    );
}

interface DemoOptions {
  readonly messages: number;
  readonly users: number;
  readonly days: number;
}

function count(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return Number(text);
}

const MAX_DAYS = 3_650;

function days(text: string): number {
  const n = count(text);
  if (n > MAX_DAYS) throw new InvalidArgumentError(`It must be at most ${MAX_DAYS}.`);
  return n;
}

async function makeTraffic(
  services: Services,
  work: Work,
  givenOrg: string | undefined,
  agent: string | undefined,
  options: DemoOptions,
): Promise<void> {
  const { agents } = services;
  const org = await orgOf(services, work, givenOrg);
  const { id } =
    agent === undefined
      ? await demoAgent(agents, work, org)
      : await agents.get(work, { org, id: agent });
  const now = Date.now();
  const entries = demoTraffic({ ...options, agentId: id, until: now, seed: now });
  const tally = new Tally('traffic', options.messages);
  await tally.run(async () => {
    for await (const group of groupsOf(entries)) {
      await settled(
        group.map((batch) => services.ingest.ingest(work, org, batch)),
        (stored) => tally.add(stored, tally.messages),
      );
    }
  });
}

async function demoAgent(agents: Services['agents'], work: Work, org: string): Promise<Agent> {
  const [existing] = await agents.getMany(work, [{ org, id: DEMO_AGENT }]);
  return existing ?? agents.create(work, org, { id: DEMO_AGENT, name: 'Demo' });
}

/** @throws DomainError `org.not_found`; `request.invalid` if none is given and the store does not hold exactly one */
async function orgOf({ orgs }: Services, work: Work, given: string | undefined): Promise<string> {
  if (given !== undefined) return (await orgs.get(work, given)).id;
  const ids: string[] = [];
  for await (const { id } of orgs.all(work)) if (ids.push(id) > 1) break;
  const [only] = ids;
  if (only !== undefined && ids.length === 1) return only;
  throw invalid([
    {
      path: 'org',
      message: only
        ? 'is required: there are several orgs'
        : 'the store holds none: create one first',
    },
  ]);
}

async function ingestFile(
  services: Services,
  work: Work,
  givenOrg: string | undefined,
  file: string,
): Promise<void> {
  const org = await orgOf(services, work, givenOrg);
  const { createdAt } = await services.orgs.get(work, org);
  const about = await stat(file);
  if (!about.isFile()) throw invalid([{ path: file, message: 'is not a file' }]);
  const kept = new KeptPlace(file, `${org} of ${createdAt}`);
  const from = await kept.read(about.size);
  const lines = linesOf(createReadStream(file, { start: from.offset }), from);
  const tally = new Tally('ingest', about.size);
  let reached = from;
  await tally.run(async () => {
    for await (const group of groupsOf(lines)) {
      const running = group.map((batch) => ingestLines(services.ingest, work, org, batch));
      try {
        await settled(running, (stored, i) => {
          if (i !== undefined) reached = group[i]?.at(-1)?.end ?? reached;
          tally.add(stored, reached.offset);
        });
      } finally {
        await kept.keep(reached);
      }
    }
  });
  await kept.remove();
}

/**
 * Waits for every batch and reports each that was stored.
 *
 * @param report called with the batch's index, or with undefined if an earlier batch failed: the
 *   import cannot resume after it
 * @throws the error of the first batch that failed
 */
async function settled(
  batches: readonly Promise<Ingested>[],
  report: (stored: Ingested, i: number | undefined) => void,
): Promise<void> {
  let failure: { readonly reason: unknown } | undefined;
  for (const [i, outcome] of (await Promise.allSettled(batches)).entries()) {
    if (outcome.status === 'fulfilled') report(outcome.value, failure ? undefined : i);
    else failure ??= outcome;
  }
  if (failure) throw failure.reason;
}

/** @throws DomainError `request.invalid`, whose problems name lines */
async function ingestLines(
  ingest: TrafficIngest,
  work: Work,
  org: string,
  lines: readonly Line[],
): Promise<Ingested> {
  const batch = lines.map(({ text, end }) => {
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      throw invalid([{ path: `line ${end.line}`, message: (error as Error).message }]);
    }
  });
  try {
    return await ingest.ingest(work, org, batch);
  } catch (error) {
    if (!(error instanceof DomainError) || error.problems.length === 0) throw error;
    throw invalid(byLine(error.problems, lines));
  }
}

/** Turns `[3].timestamp` into `line 1204 timestamp`. */
function byLine(problems: readonly Problem[], lines: readonly Line[]): Problem[] {
  return problems.map(({ path, message }) => {
    const [, index = '', field = ''] = /^\[(\d+)\]\.?(.*)$/.exec(path) ?? [];
    const line = lines[Number(index)]?.end.line;
    return { path: line === undefined ? path : `line ${line} ${field}`.trim(), message };
  });
}

/** Groups of batches to store in parallel. If reading an item fails, yields the items before it first. */
async function* groupsOf<T>(items: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T[][]> {
  let group: T[][] = [[]];
  let failure: { readonly reason: unknown } | undefined;
  try {
    for await (const item of items) {
      const batch = group.at(-1) as T[];
      if (batch.push(item) < MAX_BATCH) continue;
      if (group.length === BATCHES_AT_ONCE) {
        yield group;
        group = [[]];
      } else group.push([]);
    }
  } catch (reason) {
    failure = { reason };
  }
  const left = group.filter(({ length }) => length > 0);
  if (left.length > 0) yield left;
  if (failure) throw failure.reason;
}

/** Counts stored entries; shows a progress bar on a terminal, and prints a summary at the end. */
class Tally {
  messages = 0;
  #logs = 0;
  #known = 0;
  readonly #began = performance.now();
  readonly #bar: SingleBar | undefined;

  constructor(what: string, total: number) {
    if (!process.stderr.isTTY) return;
    const format = `${what} {bar} {percentage}% | {entries} entries | {rate}/s | {eta_formatted}`;
    this.#bar = new SingleBar({ format, hideCursor: true }, Presets.shades_classic);
    this.#bar.start(total, 0, { entries: 0, rate: 0 });
  }

  /** @param done the part of `total` that is done */
  add({ messages, logs, known }: Ingested, done: number): void {
    this.messages += messages;
    this.#logs += logs;
    this.#known += known;
    this.#bar?.update(done, { entries: this.#entries(), rate: this.#rate() });
  }

  /** Runs the work and prints the summary, also if the work fails. */
  async run(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } finally {
      this.#bar?.stop();
      process.stdout.write(
        `${this.messages} messages and ${this.#logs} log entries stored, ${this.#known} already stored (${this.#rate()}/s)\n`,
      );
    }
  }

  #entries(): number {
    return this.messages + this.#logs + this.#known;
  }

  #rate(): number {
    const seconds = Math.max(1, performance.now() - this.#began) / 1_000;
    return Math.round(this.#entries() / seconds);
  }
}

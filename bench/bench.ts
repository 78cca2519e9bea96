import { writeFileSync } from 'node:fs';
import { Load } from './load/load.ts';
import { serveLoad } from './load/process.ts';
import { type Options, type Part, parseOptions, USAGE } from './options.ts';
import { measureLatency } from './parts/latency.ts';
import { measureMemory } from './parts/memory.ts';
import { measureRatios } from './parts/ratios.ts';
import { measureAfterReads } from './parts/reads.ts';
import { measureStart } from './parts/start.ts';
import { inFolder } from './processes.ts';
import { PROFILED, profileRows } from './profile/profile.ts';
import {
  reportOfRatios,
  tableOfLatency,
  tableOfMemory,
  tableOfRatios,
  tableOfReads,
  tableOfStarts,
  textOfProfile,
  thisMachine,
} from './report.ts';
import { ROW_IDS } from './rows.ts';
import { type Subject, startSubject } from './subject.ts';

/** Measured on one server, in this order; the others need one of their own. */
const SHARED: readonly Part[] = ['ratios', 'latency', 'memory'];
/** Loads whose latency is measured, and how much longer than a cell's each lasts. */
const WINDOWS = 3;
const WINDOW_CELLS = 10;

/** What requests cost the server, and what else it promises to bear: `docs/performance.md`. */
const [, , role, ...others] = process.argv;
if (role === 'load') serveLoad();
else if (role === 'bare') await (await import('./peers/bare.ts')).serveBare();
else if (role === 'fastify') await (await import('./peers/fastify.ts')).serveFastify();
else await main(role === undefined ? others : [role, ...others]);

async function main(args: readonly string[]): Promise<void> {
  let options: Options;
  try {
    options = parseOptions(args, ROW_IDS);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  // Ends the children, and removes the folders, by way of `exit`.
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  const load = new Load();
  try {
    const figures = options.profile ? await profile(load, options) : await measure(load, options);
    if (options.json !== undefined) {
      writeFileSync(
        options.json,
        `${JSON.stringify({ machine: thisMachine(), ...figures }, null, 2)}\n`,
      );
    }
  } finally {
    load.stop();
  }
}

async function measure(load: Load, options: Options): Promise<object> {
  const { parts, rounds, cellSeconds, singleReads, memoryRequests, starts } = options;
  const { node, cpu, cores, kernel } = thisMachine();
  print(`Node ${node}, ${cores} × ${cpu}, Linux ${kernel}`);
  const rows = ROW_IDS.filter((row) => options.rows.has(row));
  const figures: Record<string, unknown> = {};
  if (SHARED.some((part) => parts.has(part))) {
    await withSubject(load, async (subject) => {
      if (parts.has('ratios')) {
        const measured = await measureRatios(
          subject,
          load,
          { rows, rounds, cellSeconds },
          progress,
        );
        const ratios = reportOfRatios(subject.rows, measured);
        figures.ratios = ratios;
        print(tableOfRatios(subject.rows, ratios));
      }
      if (parts.has('latency')) {
        const windows = { seconds: WINDOW_CELLS * cellSeconds, windows: WINDOWS };
        const latency = await measureLatency(subject, load, windows, progress);
        figures.latency = latency;
        print(tableOfLatency(latency));
      }
      if (parts.has('memory')) {
        const memory = await measureMemory(subject, load, memoryRequests, progress);
        figures.memory = memory;
        print(tableOfMemory(memory));
      }
    });
  }
  if (parts.has('reads')) {
    await withSubject(load, async (subject) => {
      const reads = await measureAfterReads(subject, load, singleReads, progress);
      figures.reads = reads;
      print(tableOfReads(reads, singleReads));
    });
  }
  if (parts.has('start')) {
    const start = await measureStart(starts, progress);
    figures.start = start;
    print(tableOfStarts(start));
  }
  return figures;
}

async function profile(load: Load, options: Options): Promise<object> {
  const rows = ROW_IDS.filter((row) => options.rows.has(row));
  return withSubject(
    load,
    async (subject) => {
      const profiles = await profileRows(subject, load, rows, progress);
      for (const it of profiles) print(textOfProfile(it));
      return { profiles };
    },
    PROFILED,
  );
}

/** Runs work on a server of its own. */
async function withSubject<T>(
  load: Load,
  work: (subject: Subject) => Promise<T>,
  flags?: readonly string[],
): Promise<T> {
  return inFolder(async (folder) => {
    progress('starting the server');
    const subject = await startSubject(folder, load, flags);
    try {
      return await work(subject);
    } finally {
      await subject.stop();
    }
  });
}

/** On a terminal the line that is shown while something is measured. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function print(text: string): void {
  progress('');
  process.stdout.write(`${text}\n`);
}

import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 20;
/** Less CPU time than this between two looks is idle. */
const IDLE_MICROS = 1_000;
const LOOKS = 500;

/** CPU time of each thread of a process, by its id, in microseconds. */
export type ThreadTimes = ReadonlyMap<string, number>;

/**
 * CPU time of a running process, user and system. Linux counts it in nanoseconds for each thread;
 * `/proc/PID/stat` has it in steps of 10 ms only.
 *
 * @throws Error when there is no such process, or no `/proc`
 */
export function threadTimes(pid: number): ThreadTimes {
  const tasks = `/proc/${pid}/task`;
  return new Map(readdirSync(tasks).map((id) => [id, threadMicros(`${tasks}/${id}/schedstat`)]));
}

/** CPU time of all threads of a process, in microseconds. */
export function cpuMicros(pid: number): number {
  return microsBetween(new Map(), threadTimes(pid));
}

/** CPU time between two looks; that of a thread which ended in between is lost. */
export function microsBetween(before: ThreadTimes, after: ThreadTimes): number {
  let sum = 0;
  for (const [id, micros] of after) sum += micros - (before.get(id) ?? 0);
  return sum;
}

/** The same of the main thread alone. */
export function mainThreadMicros(pid: number): number {
  return threadMicros(`/proc/${pid}/task/${pid}/schedstat`);
}

/** Time on a CPU, time waiting for one, turns; the times in nanoseconds. */
export function microsOnCpu(schedstat: string): number {
  const nanos = Number(schedstat.split(' ', 1)[0]);
  if (!Number.isFinite(nanos)) throw new RangeError(`not a schedstat: ${schedstat}`);
  return nanos / 1_000;
}

function threadMicros(file: string): number {
  try {
    return microsOnCpu(readFileSync(file, 'utf8'));
  } catch (error) {
    // A thread that ended since the folder was read.
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return 0;
    throw error;
  }
}

/**
 * Resolves when the process has done next to nothing for two looks: work that an answer left
 * behind is part of its cost.
 *
 * @throws Error when it stays busy for 10 s
 */
export async function quiet(pid: number): Promise<void> {
  let before = threadTimes(pid);
  let idle = 0;
  for (let look = 0; look < LOOKS; look += 1) {
    await sleep(LOOK_EVERY_MS);
    const now = threadTimes(pid);
    idle = microsBetween(before, now) < IDLE_MICROS ? idle + 1 : 0;
    if (idle === 2) return;
    before = now;
  }
  throw new Error(`process ${pid} does not become idle`);
}

/** The memory of a process that no file backs, in MiB: an LMDB store is mapped, and not counted. */
export function ownMebibytes(pid: number): number {
  return anonymousMebibytes(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

export function anonymousMebibytes(status: string): number {
  const [, kibibytes] = /^RssAnon:\s+(\d+) kB$/m.exec(status) ?? [];
  if (kibibytes === undefined) throw new RangeError('no RssAnon');
  return Number(kibibytes) / 1024;
}

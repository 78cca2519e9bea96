import type { Collection, Store } from '../store/port.ts';
import { systemWork, type Work } from '../work.ts';
import type { JobDoc, JobKind } from './jobs.ts';

/** Idempotent. @param signal aborted when the process stops */
export type JobHandler = (work: Work, job: JobDoc, signal: AbortSignal) => Promise<void>;

export interface JobRunnerOptions {
  readonly store: Pick<Store, 'commit'>;
  readonly jobs: Collection<JobDoc>;
  readonly handlers: Readonly<Record<JobKind, JobHandler>>;
  /** How long after a job was inserted a write may end that began before. */
  readonly graceMs: number;
  readonly now: () => Date;
  /** Called with each failure; the job is tried again. */
  readonly onError: (error: unknown) => void;
}

const LOOK_EVERY_MS = 10_000;
const PAGE = 200;
const MAX_RUNNING = 2;
/** When a job that failed is tried again, and when another process takes over one of a process that died. */
const LEASE_MS = 30_000;

/** Does jobs, a few at a time, beside whatever else runs. Any number of processes may do so. */
export class JobRunner {
  readonly #work = systemWork('jobs');
  readonly #options: JobRunnerOptions;
  readonly #running = new Map<string, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #stopping = new AbortController();

  constructor(options: JobRunnerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#stopping = new AbortController();
    this.#timer = setInterval(() => this.kick(), LOOK_EVERY_MS);
    this.#timer.unref();
    this.kick();
  }

  /** Interrupts the jobs that run; the next start does them from the beginning. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#looking;
    await Promise.all(this.#running.values());
  }

  /** Looks for jobs that are due, then or right after the look that is under way. */
  kick(afterMs = 0): void {
    if (this.#stopping.signal.aborted) return;
    if (afterMs > 0) {
      setTimeout(() => this.kick(), afterMs).unref();
      return;
    }
    this.#lookAgain = true;
    this.#looking ??= this.#looks().finally(() => {
      this.#looking = undefined;
      if (this.#lookAgain) this.kick();
    });
  }

  async #looks(): Promise<void> {
    while (this.#lookAgain && !this.#stopping.signal.aborted) {
      this.#lookAgain = false;
      await this.#look().catch(this.#options.onError);
    }
  }

  async #look(): Promise<void> {
    if (this.#running.size >= MAX_RUNNING) return;
    const { jobs, now } = this.#options;
    const before = `${now().toISOString()}~`;
    const { docs } = await jobs.scan(this.#work, { index: 'due', eq: [], before, limit: PAGE });
    for (const job of docs) {
      if (this.#running.size >= MAX_RUNNING) return;
      if (this.#running.has(job.key)) continue;
      const done = this.#run(job)
        .catch(this.#options.onError)
        .then(() => {
          this.#running.delete(job.key);
          this.kick();
        });
      this.#running.set(job.key, done);
    }
  }

  async #run(job: JobDoc): Promise<void> {
    const { jobs, handlers, graceMs, now } = this.#options;
    const began = now().getTime();
    const claimed = dueAt(job, began + LEASE_MS);
    if (!(await this.#commit(jobs.toReplace(claimed, job.version)))) return;
    const { signal } = this.#stopping;
    try {
      await handlers[job.kind](this.#work, job, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      await this.#commit(jobs.toReplace(dueAt(claimed, began), claimed.version));
      return;
    }
    const settled = Date.parse(job.createdAt) + graceMs;
    const { key, version } = claimed;
    // On a conflict another process has taken the job over.
    await this.#commit(
      began >= settled
        ? jobs.toDelete(key, version)
        : jobs.toReplace(dueAt(claimed, settled), version),
    );
  }

  async #commit(write: Parameters<Store['commit']>[1][number]): Promise<boolean> {
    return (await this.#options.store.commit(this.#work, [write])).committed;
  }
}

function dueAt(job: JobDoc, millis: number): JobDoc {
  return { ...job, version: job.version + 1, dueAt: new Date(millis).toISOString() };
}

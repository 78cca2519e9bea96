import type { RootDatabase } from 'lmdb';
import type { Bounds } from './bounds.ts';
import { noteTransaction } from './lmdb-turns.ts';
import { StoreUnavailable } from './port.ts';

interface Job {
  run(): unknown;
  done(value: unknown): void;
  failed(error: unknown): void;
  /** A job that nobody waits for any more is not run. */
  readonly bounds: Bounds;
}

/** Called inside the transaction, before its jobs, and when it is over. */
interface TransactionEvents {
  began(): void;
  committed(): void;
  /** Nothing that was put in the transaction was written. */
  takenBack(): void;
}

/** How long a group waits for more jobs, at most, while turns of the event loop bring some. */
const MAX_GATHER_MS = 10;
/** A process that died while it read keeps pages from being used again until this is done. */
const READER_CHECK_MS = 1_000;

/**
 * Writes from many requests share one transaction, so one sync to disk.
 *
 * Jobs run in the callback of an asynchronous transaction: the lock is waited for, and the
 * commit is made, sync included, by a thread of the library's, so the event loop is free
 * meanwhile; only the jobs themselves run on it. When `run` resolves, the write is on disk.
 * One transaction is under way at a time. Jobs that come during its sync are the next group.
 *
 * A job that throws takes the transaction back, whatever it had put by then, and the others
 * are run again, each in a transaction of its own.
 *
 * It was once noted that asynchronous transactions never resolve. They do, where lmdb is
 * loaded as Node resolves it: its thread calls back only after `node-index.js` (the condition
 * `node` of its `exports`) has enabled that. `index.js`, which other resolvers and bundlers
 * take (`default`, `module`), does not. So lmdb must stay external to the bundle.
 */
export class GroupCommit {
  #waiting: Job[] = [];
  #running: Promise<void> | undefined;
  #readersCheckedAt = 0;
  readonly #folder: string;
  readonly #root: RootDatabase;
  readonly #events: TransactionEvents;

  constructor(folder: string, root: RootDatabase, events: TransactionEvents) {
    this.#folder = folder;
    this.#root = root;
    this.#events = events;
  }

  /** @throws StoreUnavailable when the transaction cannot be committed */
  run<T>(bounds: Bounds, job: () => T): Promise<T> {
    return new Promise<T>((done, failed) => {
      this.#waiting.push({ run: job, done: done as Job['done'], failed, bounds });
      this.#running ??= this.#runAll();
    });
  }

  async #runAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#gather();
      this.#checkReaders();
      // Jobs that come until the lock is acquired join.
      const left = await this.#commit(() => this.#waiting.splice(0));
      for (const job of left) await this.#commit(() => [job]);
    }
    this.#running = undefined;
  }

  /** Waits while each turn of the event loop brings another job: one sync is dearer than a turn. */
  async #gather(): Promise<void> {
    const began = performance.now();
    for (let seen = 0; seen < this.#waiting.length; ) {
      seen = this.#waiting.length;
      await new Promise(setImmediate);
      if (performance.now() - began > MAX_GATHER_MS) return;
    }
  }

  #checkReaders(): void {
    const now = performance.now();
    if (now - this.#readersCheckedAt < READER_CHECK_MS) return;
    this.#readersCheckedAt = now;
    this.#root.readerCheck();
  }

  /** @returns the jobs that another's failure took back; nothing of them is written or answered */
  async #commit(take: () => readonly Job[]): Promise<readonly Job[]> {
    let jobs: readonly Job[] = [];
    const values: unknown[] = [];
    try {
      const transaction = this.#root.childTransaction(() => {
        jobs = take().filter(isWanted);
        this.#events.began();
        for (const job of jobs) values.push(job.run());
      });
      noteTransaction(this.#folder, transaction);
      await transaction;
    } catch (error) {
      this.#events.takenBack();
      const ofOneJob = values.length < jobs.length;
      if (ofOneJob && jobs.length > 1) return jobs;
      const failure = ofOneJob && !isLmdbs(error) ? error : unavailable(await causeOf(error));
      for (const job of jobs) job.failed(failure);
      return [];
    }
    this.#events.committed();
    jobs.forEach((job, i) => {
      job.done(values[i]);
    });
    return [];
  }
}

/** Fails a job that nobody waits for any more. */
function isWanted({ bounds, failed }: Job): boolean {
  try {
    bounds.assertWanted();
    return true;
  } catch (reason) {
    failed(reason);
    return false;
  }
}

/** LMDB's own errors have a number: of its own, or of the system (`ENOSPC`). */
function isLmdbs(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'number';
}

/** A failed commit carries its cause as a promise that rejects: unhandled, it would end the process. */
async function causeOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error && 'commitError' in error)) return error;
  try {
    return await error.commitError;
  } catch (cause) {
    return cause;
  }
}

function unavailable(cause: unknown): StoreUnavailable {
  return new StoreUnavailable('the store could not commit', { cause });
}

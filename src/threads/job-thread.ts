import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DomainError } from '../domain/errors.ts';
import { Rotation } from '../fairness/rotation.ts';
import { packageRoot } from '../package/package.ts';

const MAX_WAITING = 64;
const MAX_WAITING_OF_CALLER = 8;
/** No job within its bounds takes so long. */
const MAX_JOB_MS = 10_000;
const HEAP_MEBIBYTES = 256;

export interface ThreadOptions {
  /** The program in `dist`: it answers each message with one, in their order. */
  readonly program: string;
  /** What waits, for the refusal when too many do: `YAML documents`. */
  readonly jobs: string;
  /** The refusal of a job that takes too much time or memory. */
  readonly tooMuch: () => DomainError;
}

interface Waiting<Job, Outcome> {
  readonly job: Job;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/** A thread that does one job at a time, off the event loop. It starts when it is first needed. */
export class JobThread<Job, Outcome> {
  readonly #options: ThreadOptions;
  readonly #waiting = new Rotation<Waiting<Job, Outcome>>();
  #worker: Worker | undefined;
  #running: Waiting<Job, Outcome> | undefined;
  #stopped = false;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  /**
   * @param caller the caller that waits for it: callers are served in rotation
   * @throws DomainError `server.busy`, and the refusal of `tooMuch`
   */
  async run(job: Job, caller: string): Promise<Outcome> {
    if (this.#stopped) throw stopping();
    const full =
      this.#waiting.size >= MAX_WAITING || this.#waiting.sizeOf(caller) >= MAX_WAITING_OF_CALLER;
    if (full) {
      throw new DomainError(
        'server.busy',
        `too many ${this.#options.jobs} wait; try again shortly`,
      );
    }
    return new Promise((resolve, reject) => {
      this.#waiting.add(caller, { job, resolve, reject });
      this.#next();
    });
  }

  /** Ends the thread. What waits for it is refused. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #next(): void {
    if (this.#running) return;
    const next = this.#waiting.next();
    if (!next) return;
    if (this.#stopped) {
      next.reject(stopping());
      this.#next();
      return;
    }
    this.#running = next;
    const worker = this.#started();
    const late = setTimeout(() => void worker.terminate(), MAX_JOB_MS);
    const done = (settle: (job: Waiting<Job, Outcome>) => void) => {
      clearTimeout(late);
      worker.off('message', answered).off('error', failed).off('exit', ended);
      this.#running = undefined;
      settle(next);
      this.#next();
    };
    const answered = (outcome: Outcome) => done(({ resolve }) => resolve(outcome));
    const failed = (error: NodeJS.ErrnoException) => {
      this.#worker = undefined;
      const tooMuch = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      done(({ reject }) => reject(tooMuch ? this.#options.tooMuch() : error));
    };
    const ended = () => {
      this.#worker = undefined;
      done(({ reject }) => reject(this.#options.tooMuch()));
    };
    worker.on('message', answered).on('error', failed).on('exit', ended);
    worker.postMessage(next.job);
  }

  #started(): Worker {
    if (!this.#worker) {
      this.#worker = new Worker(join(packageRoot(), 'dist', this.#options.program), {
        resourceLimits: { maxOldGenerationSizeMb: HEAP_MEBIBYTES },
      });
      this.#worker.unref();
    }
    return this.#worker;
  }
}

function stopping(): DomainError {
  return new DomainError('server.busy', 'the server is stopping');
}

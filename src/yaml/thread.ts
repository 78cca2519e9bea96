import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DomainError } from '../domain/errors.ts';
import { Rotation } from '../fairness/rotation.ts';
import { packageRoot } from '../package/package.ts';
import { outcomeOf, type YamlJob, type YamlOutcome } from './job.ts';

/** A shorter text takes at most some milliseconds. */
const INLINE_LENGTH = 2 * 1024;
const MAX_WAITING = 64;
const MAX_WAITING_OF_CALLER = 8;
/** No text within its bounds takes so long. */
const MAX_JOB_MS = 10_000;
const HEAP_MEBIBYTES = 256;

interface Waiting {
  readonly job: YamlJob;
  readonly resolve: (outcome: YamlOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Parses YAML off the event loop: a text of 1 MiB can take two seconds. Short texts are parsed
 * at once. The thread starts when it is first needed.
 */
export class YamlThread {
  #worker: Worker | undefined;
  #running: Waiting | undefined;
  #stopped = false;
  readonly #waiting = new Rotation<Waiting>();

  /**
   * The value of a text.
   *
   * @param caller the caller that waits for it: callers are served in rotation
   * @throws DomainError as `parseYaml`, and `server.busy`
   */
  async parse(text: string, caller: string): Promise<unknown> {
    const outcome = await this.#outcome({ kind: 'parse', text }, text.length, caller);
    return 'text' in outcome ? (JSON.parse(outcome.text) as unknown) : undefined;
  }

  /** Where in a text these paths are, or the nearest value around them: `line 3, column 5`. */
  async placesOf(
    text: string,
    paths: readonly string[],
    caller: string,
  ): Promise<readonly (string | undefined)[]> {
    const outcome = await this.#outcome({ kind: 'places', text, paths }, text.length, caller);
    return 'places' in outcome ? outcome.places : [];
  }

  /** Ends the thread. What waits for it is refused. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  async #outcome(job: YamlJob, length: number, caller: string): Promise<YamlOutcome> {
    const outcome = length <= INLINE_LENGTH ? outcomeOf(job) : await this.#queued(job, caller);
    if (!('refused' in outcome)) return outcome;
    const { code, message, problems } = outcome.refused;
    throw new DomainError(code, message, problems);
  }

  #queued(job: YamlJob, caller: string): Promise<YamlOutcome> {
    if (this.#stopped) throw new DomainError('server.busy', 'the server is stopping');
    const full =
      this.#waiting.size >= MAX_WAITING || this.#waiting.sizeOf(caller) >= MAX_WAITING_OF_CALLER;
    if (full) {
      throw new DomainError('server.busy', 'too many YAML documents wait; try again shortly');
    }
    return new Promise((resolve, reject) => {
      this.#waiting.add(caller, { job, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    if (this.#running) return;
    const next = this.#waiting.next();
    if (!next) return;
    if (this.#stopped) {
      next.reject(new DomainError('server.busy', 'the server is stopping'));
      this.#next();
      return;
    }
    this.#running = next;
    const worker = this.#started();
    const late = setTimeout(() => void worker.terminate(), MAX_JOB_MS);
    const done = (settle: (job: Waiting) => void) => {
      clearTimeout(late);
      worker.off('message', answered).off('error', failed).off('exit', ended);
      this.#running = undefined;
      settle(next);
      this.#next();
    };
    const answered = (outcome: YamlOutcome) => done(({ resolve }) => resolve(outcome));
    const failed = (error: NodeJS.ErrnoException) => {
      this.#worker = undefined;
      const tooMuch = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      done(({ reject }) => reject(tooMuch ? tooComplex() : error));
    };
    const ended = () => {
      this.#worker = undefined;
      done(({ reject }) => reject(tooComplex()));
    };
    worker.on('message', answered).on('error', failed).on('exit', ended);
    worker.postMessage(next.job);
  }

  #started(): Worker {
    if (!this.#worker) {
      this.#worker = new Worker(join(packageRoot(), 'dist', 'yaml-worker.js'), {
        resourceLimits: { maxOldGenerationSizeMb: HEAP_MEBIBYTES },
      });
      this.#worker.unref();
    }
    return this.#worker;
  }
}

function tooComplex(): DomainError {
  return new DomainError('request.too_complex', 'the YAML takes too much time or memory');
}

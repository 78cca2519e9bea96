import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { DomainError } from '../domain/errors.ts';
import { JobThread } from '../threads/job-thread.ts';
import type { Work } from '../work.ts';

/** The estimated tokens of a text. */
export type TokensOf = (text: string) => number;

const MAX_KEPT = 20_000;
/** UTF-16 units of the texts of one job, except for a longer text, which is a job of its own. */
const MAX_JOB_LENGTH = 64 * 1024;

/**
 * Estimates tokens off the event loop: to load the tokenizer alone takes about 300 ms. Counts are
 * kept by the hash of the text, so a change of an agent counts only the parts that changed.
 */
export class TokenCounter {
  readonly #kept = new LRUCache<string, number>({ max: MAX_KEPT });
  /** By caller: the count that its next one waits for. */
  readonly #last = new Map<string, Promise<unknown>>();
  readonly #thread = new JobThread<readonly string[], readonly number[]>({
    program: 'token-worker.js',
    jobs: 'texts to count',
    tooMuch: () =>
      new DomainError('request.too_complex', 'counting the tokens takes too much time or memory'),
  });

  /**
   * Counts texts. The counts of one caller wait for each other.
   *
   * @returns the tokens of each of these texts; it throws for any other text
   * @throws DomainError `server.busy`, `request.too_complex`
   */
  async count(work: Work, texts: readonly string[]): Promise<TokensOf> {
    const counts = new Map<string, number>();
    const distinct = [...new Set(texts)];
    if (this.#recall(distinct, counts).length > 0) {
      await this.#inOrder(work.origin.actor.id, () => this.#compute(work, distinct, counts));
    }
    return (text) => {
      const count = counts.get(text);
      if (count === undefined) throw new Error('this text was not counted');
      return count;
    };
  }

  /** Adds the kept counts. @returns the texts without one */
  #recall(texts: readonly string[], counts: Map<string, number>): readonly string[] {
    return texts.filter((text) => {
      const kept = this.#kept.get(keyOf(text));
      if (kept !== undefined) counts.set(text, kept);
      return kept === undefined;
    });
  }

  async #compute(work: Work, texts: readonly string[], counts: Map<string, number>): Promise<void> {
    for (const job of jobsOf(this.#recall(texts, counts))) {
      work.assertWanted();
      const tokens = await this.#thread.run(job, work.origin.actor.id);
      for (const [i, text] of job.entries()) {
        const count = tokens[i] ?? 0;
        counts.set(text, count);
        this.#kept.set(keyOf(text), count);
      }
    }
  }

  async #inOrder(caller: string, run: () => Promise<void>): Promise<void> {
    const before = this.#last.get(caller) ?? Promise.resolve();
    const running = before.then(run, run);
    this.#last.set(caller, running);
    try {
      await running;
    } finally {
      if (this.#last.get(caller) === running) this.#last.delete(caller);
    }
  }

  /** Ends the thread. What waits for it is refused. */
  stop(): Promise<void> {
    return this.#thread.stop();
  }
}

function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

function jobsOf(texts: readonly string[]): readonly (readonly string[])[] {
  const jobs: string[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const text of texts) {
    if (length + text.length > MAX_JOB_LENGTH) {
      jobs.push([]);
      length = 0;
    }
    jobs.at(-1)?.push(text);
    length += text.length;
  }
  return jobs;
}

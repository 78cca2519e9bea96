import { DomainError } from '../domain/errors.ts';
import { JobThread } from '../threads/job-thread.ts';
import { outcomeOf, type YamlJob, type YamlOutcome } from './job.ts';

/** A shorter text takes at most some milliseconds. */
const INLINE_LENGTH = 2 * 1024;

/**
 * Parses YAML off the event loop: a text of 1 MiB can take two seconds. Short texts are parsed
 * at once.
 */
export class YamlThread {
  readonly #thread = new JobThread<YamlJob, YamlOutcome>({
    program: 'yaml-worker.js',
    jobs: 'YAML documents',
    tooMuch: () => new DomainError('request.too_complex', 'the YAML takes too much time or memory'),
  });

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
  stop(): Promise<void> {
    return this.#thread.stop();
  }

  async #outcome(job: YamlJob, length: number, caller: string): Promise<YamlOutcome> {
    const outcome = length <= INLINE_LENGTH ? outcomeOf(job) : await this.#thread.run(job, caller);
    if (!('refused' in outcome)) return outcome;
    const { code, message, problems } = outcome.refused;
    throw new DomainError(code, message, problems);
  }
}

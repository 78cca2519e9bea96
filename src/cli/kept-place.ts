import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { Place } from './lines.ts';

const START: Place = { offset: 0, line: 0 };

/** The stored place, the org it is for, and a digest of the file up to it. */
interface Kept extends Place {
  readonly target: string;
  readonly digest: string;
}

/**
 * The place where reading a file stopped, stored beside it in FILE.ingested. It is ignored for
 * another target, or when the file has changed before it: reading an entry twice is harmless,
 * skipping one is not.
 */
export class KeptPlace {
  readonly #file: string;
  readonly #beside: string;
  readonly #target: string;
  #hash = createHash('sha256');
  #hashed = 0;

  /** @param target identifies the org that the file is read into */
  constructor(file: string, target: string) {
    this.#file = file;
    this.#beside = `${file}.ingested`;
    this.#target = target;
  }

  /**
   * @param size of the file, in bytes
   * @returns where to resume; the start of the file if no stored place fits
   */
  async read(size: number): Promise<Place> {
    const text = await readFile(this.#beside, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return START;
    const { offset, line, target, digest } = keptOf(text);
    const isPlace = isCount(offset) && isCount(line) && offset <= size;
    if (isPlace && target === this.#target && digest === (await this.#digestUpTo(offset))) {
      return { offset, line };
    }
    process.stderr.write(
      `${this.#beside} belongs to another file or org: starting from the first line\n`,
    );
    this.#hash = createHash('sha256');
    this.#hashed = 0;
    return START;
  }

  /** Replaces the stored place atomically: the process may be killed at any time. */
  async keep(place: Place): Promise<void> {
    const digest = await this.#digestUpTo(place.offset);
    const kept: Kept = { ...place, target: this.#target, digest };
    const aside = `${this.#beside}.new`;
    await writeFile(aside, JSON.stringify(kept));
    await rename(aside, this.#beside);
  }

  remove(): Promise<void> {
    return rm(this.#beside, { force: true });
  }

  /** @param offset at least the one of the previous call */
  async #digestUpTo(offset: number): Promise<string> {
    if (offset > this.#hashed) {
      const part = createReadStream(this.#file, { start: this.#hashed, end: offset - 1 });
      for await (const chunk of part as AsyncIterable<Buffer>) this.#hash.update(chunk);
      this.#hashed = offset;
    }
    return this.#hash.copy().digest('base64');
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function keptOf(text: string): Partial<Kept> {
  try {
    return (JSON.parse(text) as Partial<Kept> | null) ?? {};
  } catch {
    return {};
  }
}

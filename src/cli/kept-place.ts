import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { Place } from './lines.ts';

const START: Place = { offset: 0, line: 0 };

/** What is kept: the place, whose org it was for, and what the file held up to there. */
interface Kept extends Place {
  readonly target: string;
  readonly digest: string;
}

/**
 * Where the reading of a file stopped, kept beside it in FILE.ingested. Another file of that
 * name, or another target, begins anew: to take twice is harmless, to leave out is not.
 */
export class KeptPlace {
  readonly #file: string;
  readonly #beside: string;
  readonly #target: string;
  #hash = createHash('sha256');
  #hashed = 0;

  /** @param target tells what the file is read into from anything else */
  constructor(file: string, target: string) {
    this.#file = file;
    this.#beside = `${file}.ingested`;
    this.#target = target;
  }

  /** Where to go on in a file of this size: its beginning, when nothing that fits is kept. */
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
    process.stderr.write(`${this.#beside} is not of this file and org: beginning anew\n`);
    this.#hash = createHash('sha256');
    this.#hashed = 0;
    return START;
  }

  /** As a whole or not at all: the process may be killed in the middle. */
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

  /** @param offset not before the one of the last time */
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

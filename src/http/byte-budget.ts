import { DomainError } from '../domain/errors.ts';

/** Bounds the bytes that all requests together hold of one kind. */
export class ByteBudget {
  readonly #max: number;
  readonly #noun: string;
  #used = 0;

  /** @param noun what the bytes belong to, for messages: `request bodies` */
  constructor(max: number, noun: string) {
    this.#max = max;
    this.#noun = noun;
  }

  get used(): number {
    return this.#used;
  }

  get full(): boolean {
    return this.#used >= this.#max;
  }

  /** @throws DomainError `server.busy` when so many bytes do not fit; one alone always does */
  assertRoomFor(bytes: number): void {
    if (this.#used === 0 || this.#used + bytes <= this.#max) return;
    throw new DomainError(
      'server.busy',
      `too many bytes of ${this.#noun} are under way; try again shortly`,
    );
  }

  /** @throws DomainError `server.busy` when so many bytes do not fit */
  take(bytes: number): void {
    this.assertRoomFor(bytes);
    this.#used += bytes;
  }

  /** Counts bytes for which there was room when they were made. */
  count(bytes: number): void {
    this.#used += bytes;
  }

  give(bytes: number): void {
    this.#used -= bytes;
  }
}

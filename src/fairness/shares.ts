import { DomainError } from '../domain/errors.ts';

/** The part of all that one caller may hold. */
const SHARE = { anonymous: 1 / 8, principal: 1 / 4, org: 1 / 2 } as const;
export type ShareKind = keyof typeof SHARE;

/**
 * Counts what is under way, together and for each caller, so that nobody can hold all of it: an
 * org holds at most half, a principal a quarter, all anonymous callers together an eighth.
 */
export class Shares {
  readonly #max: number;
  readonly #noun: string;
  readonly #held = new Map<string, number>();
  #total = 0;

  /** @param noun what is counted, for messages: `requests` */
  constructor(max: number, noun: string) {
    this.#max = max;
    this.#noun = noun;
  }

  get total(): number {
    return this.#total;
  }

  get full(): boolean {
    return this.#total >= this.#max;
  }

  /**
   * Takes one of all.
   *
   * @returns gives it back, once
   * @throws DomainError `server.busy` when all are taken
   */
  enter(): () => void {
    if (this.full) {
      throw busy(`too many ${this.#noun} are under way; try again shortly`);
    }
    this.#total += 1;
    return once(() => {
      this.#total -= 1;
    });
  }

  /**
   * Counts one of a caller's, which has entered.
   *
   * @throws DomainError `server.busy` when the caller holds its whole share
   */
  share(kind: ShareKind, id: string): () => void {
    const key = `${kind} ${id}`;
    const held = this.#held.get(key) ?? 0;
    if (held >= Math.max(1, Math.floor(this.#max * SHARE[kind]))) {
      const whose = kind === 'anonymous' ? 'without a token' : `of one ${kind}`;
      throw busy(`too many ${this.#noun} ${whose} are under way; try again shortly`);
    }
    this.#held.set(key, held + 1);
    return once(() => {
      const left = (this.#held.get(key) ?? 1) - 1;
      if (left > 0) this.#held.set(key, left);
      else this.#held.delete(key);
    });
  }
}

function busy(message: string): DomainError {
  return new DomainError('server.busy', message);
}

function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    run();
  };
}

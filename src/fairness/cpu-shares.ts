import { DomainError } from '../domain/errors.ts';

/** After this time, half of what was used is forgotten. */
const HALF_LIFE_MS = 2_000;
/** Callers are active while they have used so much lately. */
const ACTIVE_MS = 0.5;
/** A caller that has used more than this many times its fair share is refused. */
const TOLERANCE = 1.5;
const MAX_CALLERS = 10_000;

interface Usage {
  ms: number;
  at: number;
}

/**
 * Shares the processor between principals, and between orgs. While the event loop is saturated,
 * one that has lately used more than its share is refused, if others are active; the others are
 * then served. A fair share is an equal part of what the active ones used together.
 */
export class CpuShares {
  readonly #principals = new Usages();
  readonly #orgs = new Usages();
  /** By principal. */
  readonly #orgOf = new Map<string, string>();

  /**
   * Counts a request of a caller.
   *
   * @param org undefined for a caller of none or of several
   * @param saturated whether the event loop has more work than it can do
   * @param at on the clock of `performance.now()`
   * @throws DomainError `server.busy` when the caller has used more than its share
   */
  admit(principal: string, org: string | undefined, saturated: boolean, at: number): void {
    if (this.#orgOf.size >= MAX_CALLERS) this.#orgOf.clear();
    if (org !== undefined) this.#orgOf.set(principal, org);
    if (!saturated) return;
    if (this.#principals.isGreedy(principal, at)) throw greedy('this token');
    if (org !== undefined && this.#orgs.isGreedy(org, at)) throw greedy('this org');
  }

  /** Notes how long work for a caller has kept the event loop. */
  note(principal: string, ms: number, at: number): void {
    this.#principals.add(principal, ms, at);
    const org = this.#orgOf.get(principal);
    if (org !== undefined) this.#orgs.add(org, ms, at);
  }
}

class Usages {
  readonly #byName = new Map<string, Usage>();

  add(name: string, ms: number, at: number): void {
    const usage = this.#byName.get(name);
    if (usage) {
      usage.ms = decayed(usage, at) + ms;
      usage.at = at;
      return;
    }
    if (this.#byName.size >= MAX_CALLERS) this.#forget(at);
    this.#byName.set(name, { ms, at });
  }

  isGreedy(name: string, at: number): boolean {
    this.#forget(at);
    const own = this.#byName.get(name);
    if (!own || this.#byName.size < 2) return false;
    let total = 0;
    for (const usage of this.#byName.values()) total += decayed(usage, at);
    return decayed(own, at) > (TOLERANCE * total) / this.#byName.size;
  }

  #forget(at: number): void {
    for (const [name, usage] of this.#byName) {
      if (decayed(usage, at) < ACTIVE_MS) this.#byName.delete(name);
    }
    if (this.#byName.size >= MAX_CALLERS) this.#byName.clear();
  }
}

function decayed({ ms, at }: Usage, now: number): number {
  return ms * 2 ** ((at - now) / HALF_LIFE_MS);
}

function greedy(caller: string): DomainError {
  return new DomainError(
    'server.busy',
    `the server is busy, and ${caller} has used more than its share; try again shortly`,
  );
}

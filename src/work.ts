import { setMaxListeners } from 'node:events';
import type { Origin } from './domain/origin.ts';
import { Turns } from './fairness/turns.ts';
import { type Bounds, orAbandoned, type ReadLog } from './store/bounds.ts';
import type { Span } from './tracing/span.ts';

/**
 * A piece of work, such as a request: what bounds it, and who asked for it. It is the first
 * argument of every call that reaches the store.
 */
export interface Work extends Bounds {
  readonly origin: Origin;
  /**
   * Does a piece of work of which a caller can ask for many: at once, or after others have had the
   * event loop, where enough has been done since they had it.
   *
   * @throws the reason, once nobody waits for the work
   */
  inTurn<T>(job: () => T): T | Promise<Awaited<T>>;
}

/** Of the process: it has one event loop. */
export const turns = new Turns();

export interface WorkOptions {
  /** Left out where it is not known yet, see `attributeTo`. */
  readonly origin?: Origin;
  /** On the clock of `performance.now()`; unbounded when left out. */
  readonly deadline?: number;
  readonly span?: Span | undefined;
}

/** Work that its owner can end. */
export class OpenWork implements Work {
  readonly deadline: number;
  /** Set once the caller is known: only what the answer consists of is noted. */
  reads: ReadLog | undefined;
  /** Unset once what follows is not traced, such as the events of a stream. */
  span: Span | undefined;
  #origin: Origin | undefined;
  #ended: { readonly reason: unknown } | undefined;
  #controller: AbortController | undefined;

  constructor({ origin, deadline = Number.POSITIVE_INFINITY, span }: WorkOptions) {
    this.#origin = origin;
    this.deadline = deadline;
    this.span = span;
  }

  get origin(): Origin {
    if (!this.#origin) throw new Error('it is not known yet who does this work');
    return this.#origin;
  }

  /** Says who does the work, once the request's token has been checked. */
  attributeTo(origin: Origin): void {
    this.#origin = origin;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      // Every call under way listens.
      setMaxListeners(0, this.#controller.signal);
      if (this.#ended) this.#controller.abort(this.#ended.reason);
    }
    return this.#controller.signal;
  }

  assertWanted(): void {
    if (this.#ended) throw this.#ended.reason;
  }

  inTurn<T>(job: () => T): T | Promise<Awaited<T>> {
    return inTurn(this, this.#origin?.actor.id ?? '', job);
  }

  /** Nobody waits for the work any more: its calls reject with the reason. The first reason stays. */
  end(reason: unknown): void {
    if (this.#ended) return;
    this.#ended = { reason };
    this.#controller?.abort(reason);
  }
}

/** Work that ends with a signal, and has a deadline of its own. */
export function workUntil(signal: AbortSignal, deadline: number, origin: Origin): Work {
  const bounds: Bounds = {
    deadline,
    signal,
    reads: undefined,
    span: undefined,
    assertWanted: () => signal.throwIfAborted(),
  };
  return { ...bounds, origin, inTurn: (job) => inTurn(bounds, origin.actor.id, job) };
}

function inTurn<T>(bounds: Bounds, caller: string, job: () => T): T | Promise<Awaited<T>> {
  const turn = turns.rest(caller);
  if (!turn) return job();
  return turn.then((): Awaited<T> | PromiseLike<Awaited<T>> => {
    bounds.assertWanted();
    return job() as Awaited<T>;
  });
}

/** The same work, with a log of its own for what it reads. */
export function notedBy(work: Work, reads: ReadLog): Work {
  return {
    get origin() {
      return work.origin;
    },
    get signal() {
      return work.signal;
    },
    deadline: work.deadline,
    reads,
    span: work.span,
    assertWanted: () => work.assertWanted(),
    inTurn: (job) => work.inTurn(job),
  };
}

/** The same work, within a span of its own. */
export function spanned(work: Work, span: Span): Work {
  return {
    get origin() {
      return work.origin;
    },
    get signal() {
      return work.signal;
    },
    deadline: work.deadline,
    reads: work.reads,
    span,
    assertWanted: () => work.assertWanted(),
    inTurn: (job) => work.inTurn(job),
  };
}

/** The same work, on behalf of another author. */
export function attributed(work: Work, origin: Origin): Work {
  return {
    origin,
    get signal() {
      return work.signal;
    },
    deadline: work.deadline,
    reads: work.reads,
    span: work.span,
    assertWanted: () => work.assertWanted(),
    inTurn: (job) => work.inTurn(job),
  };
}

/** Work that nobody asked for and nothing bounds, such as delivering events. */
export function systemWork(name: string): Work {
  return new OpenWork({ origin: { actor: { kind: 'system', id: name }, door: 'system' } });
}

/**
 * Runs work that must not stop halfway. Once nobody waits for the outer work the returned
 * promise rejects, and the inner work continues to its end.
 */
export function toTheEnd<T>(work: Work, job: (work: Work) => Promise<T>): Promise<T> {
  work.assertWanted();
  // What the inner work reads is not noted.
  work.reads?.other();
  const running = job(new OpenWork({ origin: work.origin, span: work.span }));
  underWay.add(running);
  const over = () => void underWay.delete(running);
  running.then(over, over);
  return work.deadline === Number.POSITIVE_INFINITY ? running : orAbandoned(work, running);
}

/** What runs to its end, whether or not somebody still waits for it. */
const underWay = new Set<Promise<unknown>>();

/** Resolves when nothing runs that must not stop halfway: the store is closed only then. */
export async function allEnded(): Promise<void> {
  while (underWay.size > 0) await Promise.allSettled(underWay);
}

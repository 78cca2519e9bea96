import { setTimeout as sleep } from 'node:timers/promises';
import { ownerKey } from '../agents/collection.ts';
import type { Effects } from '../domain/effects.ts';
import { DomainError } from '../domain/errors.ts';
import type { Walker } from '../paging/pager.ts';
import { currentBounds, within } from '../store/bounds.ts';
import type { Cursor } from '../store/port.ts';
import { arrivalTime, type LogDoc, type MessageDoc, type Owner } from './collections.ts';
import type { TrafficService } from './service.ts';

/** Something that arrived, and the cursor with which to go on behind it. */
export interface Arrival<D> {
  readonly cursor: string;
  readonly doc: D;
}

const POLL_MS = 1_000;
const POLL_TIMEOUT_MS = 10_000;
/** A batch that takes longer to write than this may be missed while it is watched. */
const OVERLAP_MS = 3_000;
const PAGE = 200;
const STREAMS_AT_MOST = 200;
const CURSOR = /^[0-9a-z]{20,60}$/;

/**
 * What arrives in an agent's traffic, as it arrives. It is read from the index
 * of arrivals, so what another process writes is there too.
 */
export class LiveTraffic {
  readonly #traffic: TrafficService;
  readonly #now: Effects['now'];
  readonly #stopping = new AbortController();
  #streams = 0;

  constructor(traffic: TrafficService, effects: Pick<Effects, 'now'>) {
    this.#traffic = traffic;
    this.#now = effects.now;
  }

  /**
   * @param after the cursor of an earlier arrival to go on behind; from now on when left out
   * @throws DomainError `request.page_token`, `server.busy`
   */
  messages(owner: Owner, after?: string | null): AsyncGenerator<Arrival<MessageDoc>> {
    return this.#watch(this.#traffic.collections.messages, owner, after);
  }

  /** As `messages`. */
  logs(owner: Owner, after?: string | null): AsyncGenerator<Arrival<LogDoc>> {
    return this.#watch(this.#traffic.collections.logs, owner, after);
  }

  /** How many are watched. */
  get streams(): number {
    return this.#streams;
  }

  /** Ends every stream. */
  stop(): void {
    this.#stopping.abort();
  }

  #watch<D extends MessageDoc | LogDoc>(
    collection: Walker<D>,
    owner: Owner,
    after: string | null | undefined,
  ): AsyncGenerator<Arrival<D>> {
    if (after != null && !CURSOR.test(after)) {
      throw new DomainError('request.page_token', 'that is no cursor of live updates', [
        { path: 'after', message: 'is no cursor of live updates' },
      ]);
    }
    if (this.#streams >= STREAMS_AT_MOST) {
      throw new DomainError('server.busy', 'too many live updates are watched; try again later');
    }
    const start = after ?? arrivalTime(this.#now().getTime());
    const hungUp = currentBounds()?.signal;
    const signals = [this.#stopping.signal, ...(hungUp ? [hungUp] : [])];
    return this.#counted(arrivals(collection, ownerKey(owner), start, AbortSignal.any(signals)));
  }

  async *#counted<T>(stream: AsyncGenerator<T>): AsyncGenerator<T> {
    this.#streams += 1;
    try {
      yield* stream;
    } finally {
      this.#streams -= 1;
    }
  }
}

async function* arrivals<D extends MessageDoc | LogDoc>(
  collection: Walker<D>,
  owner: string,
  start: string,
  signal: AbortSignal,
): AsyncGenerator<Arrival<D>> {
  // Writes overtake each other: what lies just before the place is looked at again.
  const told = new Set<string>();
  let place = start;
  while (!signal.aborted) {
    const from = overlapped(place, start);
    for (const arrival of told) if (arrival < from) told.delete(arrival);
    let after: Cursor | undefined;
    for (let more = true; more && !signal.aborted; ) {
      const walk = { index: 'arrivals', eq: [owner], from, after, limit: PAGE };
      // Each read has its own bounds: a stream has no deadline.
      const bounds = { signal, deadline: performance.now() + POLL_TIMEOUT_MS };
      const page = await within(bounds, () => collection.walk(walk));
      for (const doc of page.docs) {
        after = page.cursorOf(doc);
        if (doc.arrival <= start || told.has(doc.arrival)) continue;
        told.add(doc.arrival);
        if (doc.arrival > place) place = doc.arrival;
        yield { cursor: doc.arrival, doc };
      }
      more = page.more;
    }
    await sleep(POLL_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

function overlapped(place: string, start: string): string {
  const millis = Number.parseInt(place.slice(0, arrivalTime(0).length), 36);
  const from = arrivalTime(Math.max(0, millis - OVERLAP_MS));
  return from > start ? from : start;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { ownerKey } from '../agents/collection.ts';
import type { Effects } from '../domain/effects.ts';
import { DomainError } from '../domain/errors.ts';
import { Shares } from '../fairness/shares.ts';
import type { PageTokens } from '../paging/page-token.ts';
import type { Scanner } from '../paging/pager.ts';
import type { Cursor } from '../store/port.ts';
import { type Work, workUntil } from '../work.ts';
import { arrivalTime, type LogDoc, type MessageDoc, type TrafficOwner } from './collections.ts';
import type { TrafficService } from './service.ts';

/** Something that arrived, and the cursor with which to continue after it. */
export interface Arrival<D> {
  readonly cursor: string;
  readonly doc: D;
}

const POLL_MS = 1_000;
const POLL_TIMEOUT_MS = 10_000;
/** A batch that takes longer to write than this may be missed while it is watched. */
const OVERLAP_MS = 3_000;
const PAGE = 200;
const MIN_SENT = 1_000;

export interface Watching {
  /** The cursor of an earlier arrival to continue after; from now on if left out. */
  readonly after?: string | null | undefined;
  /** Asked again and again while it is watched: its throw ends the stream. */
  readonly still: (work: Work) => Promise<void>;
}

/**
 * What arrives in an agent's traffic, as it arrives. It is read from the index
 * of arrivals, so what another process writes is there too.
 */
export class LiveTraffic {
  readonly #traffic: TrafficService;
  readonly #tokens: PageTokens;
  readonly #now: Effects['now'];
  readonly #stopping = new AbortController();
  readonly #streams: Shares;

  /** @param maxStreams streams of all callers together */
  constructor(
    traffic: TrafficService,
    tokens: PageTokens,
    effects: Pick<Effects, 'now'>,
    maxStreams: number,
  ) {
    this.#traffic = traffic;
    this.#tokens = tokens;
    this.#now = effects.now;
    this.#streams = new Shares(maxStreams, 'live updates');
  }

  /** @throws DomainError `request.page_token` on a cursor of anything else, `server.busy` */
  messages(
    work: Work,
    owner: TrafficOwner,
    watching: Watching,
  ): AsyncGenerator<Arrival<MessageDoc>> {
    return this.#watch(work, this.#traffic.collections.messages, 'messages', owner, watching);
  }

  /** As `messages`. */
  logs(work: Work, owner: TrafficOwner, watching: Watching): AsyncGenerator<Arrival<LogDoc>> {
    return this.#watch(work, this.#traffic.collections.logs, 'logs', owner, watching);
  }

  /** How many are watched. */
  get streams(): number {
    return this.#streams.total;
  }

  /** Ends every stream. */
  stop(): void {
    this.#stopping.abort();
  }

  #watch<D extends MessageDoc | LogDoc>(
    work: Work,
    collection: Scanner<D>,
    name: string,
    owner: TrafficOwner,
    { after, still }: Watching,
  ): AsyncGenerator<Arrival<D>> {
    const key = ownerKey(owner);
    const query = JSON.stringify(['live', name, key]);
    const seal = (arrival: string) => this.#tokens.seal(query, { order: arrival, key });
    const place = after == null ? undefined : this.#tokens.open(query, after);
    if (after != null && !place) {
      throw new DomainError('request.page_token', 'that is no cursor of these live updates', [
        { path: 'after', message: 'is no cursor of these live updates' },
      ]);
    }
    const now = () => arrivalTime(this.#now().getTime());
    const signal = AbortSignal.any([this.#stopping.signal, work.signal]);
    const start = place?.order ?? now();
    const arriving = { owner: key, start, now, seal, still, signal };
    return this.#counted(arrivals(work, collection, arriving), signal, work, owner);
  }

  /** Ends without a word when nobody watches any more, or the server stops. */
  async *#counted<T>(
    stream: AsyncGenerator<T>,
    signal: AbortSignal,
    { origin: { actor } }: Work,
    { org }: TrafficOwner,
  ): AsyncGenerator<T> {
    const held: (() => void)[] = [];
    try {
      held.push(this.#streams.enter());
      held.push(this.#streams.share('principal', `${actor.kind} ${actor.id}`));
      held.push(this.#streams.share('org', org));
      yield* stream;
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      for (const give of held) give();
    }
  }
}

interface Arriving extends Pick<Watching, 'still'> {
  readonly owner: string;
  readonly start: string;
  readonly now: () => string;
  readonly seal: (arrival: string) => string;
  readonly signal: AbortSignal;
}

async function* arrivals<D extends MessageDoc | LogDoc>(
  work: Work,
  collection: Scanner<D>,
  { owner, start, now, seal, still, signal }: Arriving,
): AsyncGenerator<Arrival<D>> {
  // Writes overtake each other: what lies just before the place is looked at again.
  const sent = new Sent();
  let place = start;
  let askedAt = Number.NEGATIVE_INFINITY;
  // Also amid a long backlog, and however slowly it is taken.
  const askStill = async () => {
    if (performance.now() - askedAt < POLL_MS) return;
    await still(poll(work, signal));
    askedAt = performance.now();
  };
  while (!signal.aborted) {
    await askStill();
    // The place never lies beyond now, where a process whose clock is fast may write.
    const latest = now();
    for await (const doc of arrivedFrom(
      work,
      collection,
      owner,
      overlapped(place, start),
      signal,
    )) {
      if (doc.arrival <= start || sent.has(doc.arrival)) continue;
      await askStill();
      if (doc.arrival > place) place = doc.arrival < latest ? doc.arrival : latest;
      sent.add(doc.arrival, overlapped(place, start));
      yield { cursor: seal(doc.arrival), doc };
    }
    await sleep(POLL_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

/** What was sent, as far as it may be met again. */
class Sent {
  #arrivals = new Set<string>();
  #pruneAt = MIN_SENT;

  has(arrival: string): boolean {
    return this.#arrivals.has(arrival);
  }

  /** @param from where is looked from the next time: what lies before is not met again */
  add(arrival: string, from: string): void {
    this.#arrivals.add(arrival);
    if (this.#arrivals.size < this.#pruneAt) return;
    this.#arrivals = new Set([...this.#arrivals].filter((it) => it >= from));
    this.#pruneAt = Math.max(MIN_SENT, 2 * this.#arrivals.size);
  }
}

async function* arrivedFrom<D extends MessageDoc | LogDoc>(
  work: Work,
  collection: Scanner<D>,
  owner: string,
  from: string,
  signal: AbortSignal,
): AsyncGenerator<D> {
  let after: Cursor | undefined;
  for (let more = true; more && !signal.aborted; ) {
    const scan = { index: 'arrivals', eq: [owner], from, after, limit: PAGE };
    const page = await collection.scan(poll(work, signal), scan);
    yield* page.docs;
    const last = page.docs.at(-1);
    after = last && page.cursorOf(last);
    more = page.more;
  }
}

/** Each read has bounds of its own: a stream has no deadline. */
function poll({ origin }: Work, signal: AbortSignal): Work {
  return workUntil(signal, performance.now() + POLL_TIMEOUT_MS, origin);
}

function overlapped(place: string, start: string): string {
  const millis = Number.parseInt(place.slice(0, arrivalTime(0).length), 36);
  const from = arrivalTime(Math.max(0, millis - OVERLAP_MS));
  return from > start ? from : start;
}

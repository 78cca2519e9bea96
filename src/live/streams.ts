import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '../domain/errors.ts';
import { Shares } from '../fairness/shares.ts';
import type { PageTokens } from '../paging/page-token.ts';
import type { MaybePromise } from '../store/bounds.ts';
import type { Cursor, Doc, Page } from '../store/port.ts';
import { type Work, workUntil } from '../work.ts';

/** Something that arrived, and the cursor with which to continue after it. */
export interface Arrival<D> {
  readonly cursor: string;
  readonly doc: D;
}

export interface Watching {
  /** The cursor of an earlier arrival to continue after; from now on if left out. */
  readonly after?: string | null | undefined;
  /** Asked again and again while it is watched: its throw ends the stream. */
  readonly still: (work: Work) => Promise<void>;
}

/** What is watched. Positions are texts, whose order is that of arrival; no two documents share one. */
export interface Feed<D extends Doc> {
  readonly org: string;
  /** What the feed's cursors are sealed to. */
  readonly name: readonly string[];
  /** The documents from a position on, in their order, at most `limit`. */
  scan(work: Work, from: string, limit: number, after: Cursor | undefined): MaybePromise<Page<D>>;
  positionOf(doc: D): string;
  /** The position behind which a stream starts without a cursor. */
  readonly start: string;
  /** Behind every position that is in use now. */
  latest(): string;
  /** Where a write may still appear once a position has been seen: writes overtake each other. */
  overlapped(position: string): string;
  /** Whether nothing follows a document. */
  isLast?(doc: D): boolean;
}

const POLL_MS = 1_000;
const POLL_TIMEOUT_MS = 10_000;
/** A write that takes longer than this to appear may be missed while it is watched. */
export const OVERLAP_MS = 3_000;
const PAGE = 200;
const MIN_SENT = 1_000;

/** The live streams of a process: bounded together and for each caller, and ended together. */
export class LiveStreams {
  readonly #tokens: PageTokens;
  readonly #stopping = new AbortController();
  readonly #streams: Shares;

  /** @param max streams of all callers together */
  constructor(tokens: PageTokens, max: number) {
    this.#tokens = tokens;
    this.#streams = new Shares(max, 'live updates');
  }

  /** How many are watched. */
  get total(): number {
    return this.#streams.total;
  }

  /** Ends every stream. */
  stop(): void {
    this.#stopping.abort();
  }

  /**
   * What arrives in a feed, as it arrives. It is read from an index, so what another process
   * writes is there too.
   *
   * @throws DomainError `request.page_token` on a cursor of anything else, `server.busy`
   */
  watch<D extends Doc>(
    work: Work,
    feed: Feed<D>,
    { after, still }: Watching,
  ): AsyncGenerator<Arrival<D>> {
    const query = JSON.stringify(['live', ...feed.name]);
    const key = feed.org;
    const place = after == null ? undefined : this.#tokens.open(query, after);
    if (after != null && !place) {
      throw new DomainError('request.page_token', 'that is no cursor of these live updates', [
        { path: 'after', message: 'is no cursor of these live updates' },
      ]);
    }
    const signal = AbortSignal.any([this.#stopping.signal, work.signal]);
    const following: Following = {
      start: place?.order ?? feed.start,
      seal: (order) => this.#tokens.seal(query, { order, key }),
      still,
      signal,
    };
    return this.#counted(follow(work, feed, following), signal, work, feed.org);
  }

  /** Ends without a word when nobody watches any more, or the server stops. */
  async *#counted<T>(
    stream: AsyncGenerator<T>,
    signal: AbortSignal,
    { origin: { actor } }: Work,
    org: string,
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

interface Following extends Pick<Watching, 'still'> {
  readonly start: string;
  readonly seal: (position: string) => string;
  readonly signal: AbortSignal;
}

async function* follow<D extends Doc>(
  work: Work,
  feed: Feed<D>,
  { start, seal, still, signal }: Following,
): AsyncGenerator<Arrival<D>> {
  // Writes overtake each other: what is just before the place is looked at again.
  const sent = new Sent();
  const from = (position: string) => later(feed.overlapped(position), start);
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
    // The place is never beyond now, where a process whose clock is fast may write.
    const latest = feed.latest();
    for await (const doc of docsFrom(work, feed, from(place), signal)) {
      const position = feed.positionOf(doc);
      if (position <= start || sent.has(position)) continue;
      await askStill();
      if (position > place) place = position < latest ? position : latest;
      sent.add(position, from(place));
      yield { cursor: seal(position), doc };
      if (feed.isLast?.(doc)) return;
    }
    await sleep(POLL_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

/** What was sent, as far as it may be met again. */
class Sent {
  #positions = new Set<string>();
  #pruneAt = MIN_SENT;

  has(position: string): boolean {
    return this.#positions.has(position);
  }

  /** @param from where is looked from the next time: what is before is not met again */
  add(position: string, from: string): void {
    this.#positions.add(position);
    if (this.#positions.size < this.#pruneAt) return;
    this.#positions = new Set([...this.#positions].filter((it) => it >= from));
    this.#pruneAt = Math.max(MIN_SENT, 2 * this.#positions.size);
  }
}

async function* docsFrom<D extends Doc>(
  work: Work,
  feed: Feed<D>,
  from: string,
  signal: AbortSignal,
): AsyncGenerator<D> {
  let after: Cursor | undefined;
  for (let more = true; more && !signal.aborted; ) {
    const page = await feed.scan(poll(work, signal), from, PAGE, after);
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

function later(a: string, b: string): string {
  return a > b ? a : b;
}

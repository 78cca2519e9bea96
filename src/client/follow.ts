import { setTimeout as delay } from 'node:timers/promises';
import { type Api, isPassing } from './api.ts';
import type { DocumentName } from './documents.ts';

/** A list of an agent that can be followed as it grows. */
export interface Followed<T> {
  /** The last entries of the last 24 hours, newest first. */
  list(first: number): Promise<readonly T[]>;
  /** The entries behind a cursor, or else from now on. */
  subscribe(after: string | undefined): Promise<AsyncGenerator<Arrival<T>>>;
}

export interface Arrival<T> {
  readonly cursor: string;
  readonly entry: T;
}

/** Pauses between attempts to connect again. */
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 15_000;
/** Entries that are compared with those before, after an interruption without a cursor. */
const MAX_COMPARED = 200;

/**
 * Yields the last entries, oldest first, and then every new one, each once. It connects again
 * after an interruption and resumes where it was.
 *
 * @param limit of the entries before the stream
 * @param onInterruption called with each failed attempt
 * @throws ServerError if the server refuses the stream
 */
export async function* followed<T>(
  source: Followed<T>,
  limit: number,
  onInterruption: (error: Error) => void,
): AsyncGenerator<T> {
  const seen = new Set<string>();
  let cursor: string | undefined;
  let shown = limit;
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    try {
      const stream = await source.subscribe(cursor);
      if (cursor === undefined) {
        // Listed while the stream runs, so that nothing is missed in between.
        const entries = (await source.list(MAX_COMPARED)).toReversed();
        const unseen = entries.filter((entry) => isNew(seen, entry));
        yield* unseen.slice(Math.max(0, unseen.length - shown));
        shown = MAX_COMPARED;
      }
      for await (const { cursor: at, entry } of stream) {
        pause = FIRST_PAUSE_MS;
        if (cursor !== undefined || isNew(seen, entry)) yield entry;
        cursor = at;
      }
    } catch (error) {
      if (!isPassing(error)) throw error;
      onInterruption(error);
    }
    await delay(pause);
    pause = Math.min(pause * 2, MAX_PAUSE_MS);
  }
}

function isNew(seen: Set<string>, entry: unknown): boolean {
  const mark = JSON.stringify(entry);
  if (seen.has(mark)) return false;
  seen.add(mark);
  return true;
}

interface Traffic<T> {
  readonly org: {
    readonly agent: { readonly entries: { readonly nodes: readonly T[] } } | null;
  } | null;
}

/** A list of entries of an agent, and the stream of new ones. */
export interface Kind {
  readonly list: DocumentName;
  readonly stream: DocumentName;
}

/**
 * The entries of one agent.
 *
 * @param filters of the list; the stream ignores those that it lacks
 * @param accepts the filters that the stream lacks
 */
export function entriesOf<T>(
  api: Api,
  { list, stream }: Kind,
  target: { readonly org: string; readonly agent: string },
  filters: Readonly<Record<string, unknown>>,
  accepts: (entry: T) => boolean,
): Followed<T> {
  return {
    async list(first) {
      const page = await api.query<Traffic<T>>(list, { ...target, ...filters, first });
      return page.org?.agent?.entries.nodes ?? [];
    },
    async subscribe(after) {
      const events = await api.subscribe<{ arrival: Arrival<T> }>(stream, {
        ...target,
        ...filters,
        after,
      });
      return arrivals(events, accepts);
    },
  };
}

async function* arrivals<T>(
  events: AsyncGenerator<{ readonly arrival: Arrival<T> }>,
  accepts: (entry: T) => boolean,
): AsyncGenerator<Arrival<T>> {
  for await (const { arrival } of events) {
    if (accepts(arrival.entry)) yield arrival;
  }
}

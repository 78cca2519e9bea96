import { DomainError, invalid } from '../domain/errors.ts';
import type { MaybePromise } from '../store/bounds.ts';
import type { Cursor, Doc, Page, RangeScan } from '../store/port.ts';
import type { Work } from '../work.ts';
import type { PageTokens, Position, Range } from './page-token.ts';

/** A page as a caller asks for it. */
export interface PageRequest {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

export interface PageLimits {
  readonly default: number;
  readonly max: number;
}

export const PAGE_LIMITS: PageLimits = { default: 50, max: 200 };

/** What one page of a filtered scan may look at; it ends, short, when it has. */
const MAX_EXAMINED = 4_000;
/** What a filtered scan reads at once, so that a sparse filter is not many reads. */
const MIN_CHUNK = 256;

/** A page whose positions have tokens. */
export interface TokenPage<D> {
  readonly docs: D[];
  /** Whether there is, or may be, more behind this page. */
  readonly more: boolean;
  /** The token of a document's position in this query's results. */
  tokenOf(doc: D): string;
  /** The token of where the page ends; a page that a filter left empty has one too. */
  endToken(): string | undefined;
}

/** Whatever can be scanned: a collection, or one whose scans are gathered into fewer reads. */
export interface Scanner<D extends Doc> {
  scan(work: Work, scan: RangeScan): MaybePromise<Page<D>>;
}

/**
 * One query: the scans that are read one after the other, and what belongs to
 * the results of what they meet.
 */
export interface PagedQuery<D> {
  readonly scans: readonly Omit<RangeScan, 'limit' | 'after' | 'fields'>[];
  readonly fields?: readonly string[] | undefined;
  /**
   * Bounds of every scan that follow from when the query is asked. They are no
   * part of what tokens are sealed to: pages that follow keep those of the first.
   */
  readonly range?: Range | undefined;
  /**
   * Whether a document that the scan meets belongs to the results. A page
   * examines a bounded number of documents: it may hold fewer than were asked
   * for, none even, and still have more behind it.
   */
  readonly keep?: ((doc: D, scan: number) => boolean) | undefined;
  /** A page ends only once it has a document: for filters that are known to let some pass. */
  readonly untilFound?: boolean | undefined;
  /** The same query in the other order accepts its tokens: a client pages back from any item. */
  readonly isReversible?: boolean | undefined;
}

/** Turns page requests into scans, and positions into tokens. */
export class Pager {
  readonly #tokens: PageTokens;

  constructor(tokens: PageTokens) {
    this.#tokens = tokens;
  }

  /**
   * @param name the query's name, part of what its tokens are sealed to
   * @throws DomainError `request.invalid` on a limit out of range, `request.page_token`
   */
  page<D extends Doc>(
    work: Work,
    collection: Scanner<D>,
    name: string,
    { fields, ...scan }: Omit<RangeScan, 'limit' | 'after'>,
    request: PageRequest,
    limits: PageLimits = PAGE_LIMITS,
  ): Promise<TokenPage<D>> {
    return this.query(work, collection, name, { scans: [scan], fields }, request, limits);
  }

  /**
   * `page` over several scans and with a filter.
   *
   * @param name the query's name and everything its `keep` depends on
   * @throws DomainError `request.invalid` on a limit out of range, `request.page_token`
   */
  async query<D extends Doc>(
    work: Work,
    collection: Scanner<D>,
    name: string,
    query: PagedQuery<D>,
    request: PageRequest,
    limits: PageLimits = PAGE_LIMITS,
  ): Promise<TokenPage<D>> {
    const sealedTo = JSON.stringify([
      name,
      ...query.scans.map(({ index, eq, from, before, reverse }) => [
        index,
        eq,
        from,
        before,
        query.isReversible ? undefined : reverse,
      ]),
    ]);
    const limit = request.first ?? limits.default;
    assertLimit(limit, limits);
    const start = request.after == null ? undefined : this.#tokens.open(sealedTo, request.after);
    if (request.after != null && !start) {
      throw new DomainError('request.page_token', 'the page token is not one of this query', [
        { path: 'after', message: 'is not a token of this query' },
      ]);
    }
    const range = start ? start.range : query.range;
    const found = await read(work, collection, { ...query, range }, limit, start);
    const seal = (position: Position) =>
      this.#tokens.seal(sealedTo, range ? { ...position, range } : position);
    return {
      docs: found.docs,
      more: found.more,
      tokenOf: (doc) => {
        const position = found.positions.get(doc);
        if (!position) throw new RangeError('the document is not of this page');
        return seal(position);
      },
      endToken: () => found.end && seal(found.end),
    };
  }
}

/** @throws DomainError `request.invalid` on a limit out of range */
export function assertLimit(limit: number, { max }: PageLimits): void {
  if (limit >= 1 && limit <= max) return;
  throw invalid([{ path: 'first', message: `must be from 1 to ${max}` }]);
}

interface Found<D> {
  readonly docs: D[];
  readonly positions: Map<D, Position>;
  more: boolean;
  end: Position | undefined;
}

/** Reads on behind `start` until a page is full and one more is seen, or all that may be was examined. */
async function read<D extends Doc>(
  work: Work,
  collection: Scanner<D>,
  query: PagedQuery<D>,
  limit: number,
  start: Position | undefined,
): Promise<Found<D>> {
  const { scans, keep } = query;
  const found: Found<D> = { docs: [], positions: new Map(), more: true, end: start };
  const first = start?.scan ?? 0;
  let examined = 0;
  for (const [offset, scan] of scans.slice(first).entries()) {
    let after: Cursor | undefined = offset === 0 ? start : undefined;
    for (let more = true; more; ) {
      if (isEnough(query, examined, found)) return found;
      const wanted = limit + 1 - found.docs.length;
      const page = await readChunk(work, collection, query, { ...scan, after, limit: wanted });
      for (const doc of page.docs) {
        after = page.cursorOf(doc);
        const kept = keep?.(doc, first + offset) ?? true;
        if (kept && found.docs.length === limit) return found;
        found.end = { ...after, scan: first + offset };
        if (!kept) continue;
        found.docs.push(doc);
        found.positions.set(doc, found.end);
      }
      examined += page.docs.length;
      more = page.more;
    }
  }
  found.more = false;
  return found;
}

/** Whether a page ends, short, because so much was examined for it. */
function isEnough<D>({ untilFound }: PagedQuery<D>, examined: number, { docs }: Found<D>): boolean {
  return examined >= MAX_EXAMINED && (!untilFound || docs.length > 0);
}

function readChunk<D extends Doc>(
  work: Work,
  collection: Scanner<D>,
  { fields, range, keep, untilFound }: PagedQuery<D>,
  scan: RangeScan,
): MaybePromise<Page<D>> {
  const limit = keep ? Math.max(scan.limit, MIN_CHUNK) : scan.limit;
  const read = () => collection.scan(work, { ...scan, ...range, fields, limit });
  // Any number of chunks may follow one another. Elsewhere a turn would part scans that are batched.
  return untilFound ? work.inTurn(read) : read();
}

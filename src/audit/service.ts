import type { ChangeDoc } from '../changes/collection.ts';
import { invalid } from '../domain/errors.ts';
import { allDocs } from '../paging/all-docs.ts';
import type { PageRequest, Pager, TokenPage } from '../paging/pager.ts';
import type { Collection } from '../store/port.ts';
import type { Work } from '../work.ts';
import { type AuditEntry, auditEntry, ENTRY_FIELDS } from './entries.ts';
import { type AuditFilter, mergedScanner, placesOf } from './scans.ts';

/** ISO-8601 in UTC with milliseconds. */
interface TimeRange {
  /** Inclusive. */
  readonly start?: string | null | undefined;
  /** Exclusive. */
  readonly end?: string | null | undefined;
}

export interface AuditQuery extends AuditFilter, TimeRange, PageRequest {}

/** Reads the changes of an org's resources. The change log writes them; nothing here does. */
export class AuditLog {
  readonly #changes: Collection<ChangeDoc>;
  readonly #pager: Pager;

  constructor(changes: Collection<ChangeDoc>, pager: Pager) {
    this.#changes = changes;
    this.#pager = pager;
  }

  /** Newest first. @throws DomainError `request.invalid`, `request.page_token` */
  async list(
    work: Work,
    org: string,
    { first, after, start, end, ...filter }: AuditQuery,
  ): Promise<TokenPage<AuditEntry>> {
    const places = placesOf(org, filter);
    const { docs, tokenOf, ...page } = await this.#pager.query(
      work,
      mergedScanner(this.#changes, places),
      'auditLog',
      {
        scans: places
          .slice(0, 1)
          .map((place) => ({ ...place, ...rangeOf(start, end), reverse: true })),
        fields: ENTRY_FIELDS,
      },
      { first, after },
    );
    const entries = docs.map((doc) => [auditEntry(doc), doc] as const);
    const changes = new Map<AuditEntry, ChangeDoc>(entries);
    return {
      ...page,
      docs: entries.map(([entry]) => entry),
      tokenOf(entry) {
        const change = changes.get(entry);
        if (!change) throw new RangeError('the entry is not of this page');
        return tokenOf(change);
      },
    };
  }

  /** Oldest first, read page by page. @throws DomainError `request.invalid` */
  async *all(work: Work, org: string, { start, end }: TimeRange): AsyncGenerator<AuditEntry> {
    const scan = { index: 'byOrg', eq: [org], ...rangeOf(start, end), fields: ENTRY_FIELDS };
    for await (const change of allDocs(work, this.#changes, scan)) yield auditEntry(change);
  }
}

/** @throws DomainError `request.invalid` */
function rangeOf(start: TimeRange['start'], end: TimeRange['end']) {
  if (start != null && end != null && start > end) {
    throw invalid([{ path: 'start', message: 'must not be after the end' }]);
  }
  return { ...(start != null && { from: start }), ...(end != null && { before: end }) };
}

import { LRUCache } from 'lru-cache';
import { WATCHED_KNOWN_MS } from '../changes/jobs.ts';
import { andThen, type MaybePromise } from '../store/bounds.ts';
import type { Collection } from '../store/port.ts';
import type { Work } from '../work.ts';
import type { WebhookDoc } from './collection.ts';

const MAX_ORGS = 10_000;

/**
 * Which orgs have a webhook, paused ones included, so that a change need not read it.
 *
 * It may be out of date by `WATCHED_KNOWN_MS`, where another process created the first webhook of an org.
 * The job `catchUp` of that webhook passes on the events of changes that were committed meanwhile.
 */
export class WatchedOrgs {
  readonly #webhooks: Collection<WebhookDoc>;
  readonly #known = new LRUCache<string, boolean>({ max: MAX_ORGS, ttl: WATCHED_KNOWN_MS });

  constructor(webhooks: Collection<WebhookDoc>) {
    this.#webhooks = webhooks;
  }

  has(work: Work, org: string): MaybePromise<boolean> {
    const known = this.#known.get(org);
    if (known !== undefined) return known;
    // Reads the index alone.
    const scan = { index: 'byOrg', eq: [org], limit: 1, fields: [] };
    return andThen(this.#webhooks.scan(work, scan), ({ docs }) => {
      const found = docs.length > 0;
      // Unless a webhook was created here during the scan.
      if (!this.#known.has(org)) this.#known.set(org, found);
      return found;
    });
  }

  /** Called after the commit that created a webhook of the org. */
  created(org: string): void {
    this.#known.set(org, true);
  }
}

import { LRUCache } from 'lru-cache';
import { Pace } from '../changes/pace.ts';
import { Passes } from '../changes/passes.ts';
import { allDocs } from '../paging/all-docs.ts';
import type { Store } from '../store/port.ts';
import { systemWork } from '../work.ts';
import type { HistoryCollections } from './writer.ts';

/** The newest versions of an agent are kept however old they are. */
const MIN_KEPT = 200;

interface RetentionOptions extends Pick<HistoryCollections, 'versions'> {
  readonly store: Pick<Store, 'commit'>;
  /** How long versions are kept, and the history of a removed agent. */
  readonly keepDays: number;
  readonly now: () => Date;
}

const PASS_EVERY_MS = 60 * 60_000;
/** A server that has just started has other work. */
const FIRST_PASS_MS = 60_000;
const DAY_MS = 24 * 60 * 60_000;
/** The versions of one slice. */
const SLICE = 20;
/** Agents whose oldest kept version is remembered during a pass. */
const MAX_REMEMBERED = 10_000;

/**
 * Removes old versions, those in front of a snapshot: what is kept stays readable. Any number of
 * processes may do so.
 */
export class HistoryRetention extends Passes {
  readonly #work = systemWork('history');
  readonly #options: RetentionOptions;

  constructor(options: RetentionOptions) {
    super({ firstMs: FIRST_PASS_MS, everyMs: PASS_EVERY_MS });
    this.#options = options;
  }

  override async run(): Promise<void> {
    const { keepDays, now } = this.#options;
    // Not before 1970: a setting may name more days than a date can.
    const before = new Date(Math.max(0, now().getTime() - keepDays * DAY_MS)).toISOString();
    const pace = new Pace(this.signal);
    await this.#removeHistories(before, pace);
    await this.#removeVersions(before, pace);
  }

  /** Removes the histories of agents that were removed before. */
  async #removeHistories(before: string, pace: Pace): Promise<void> {
    const { store, versions } = this.#options;
    const removals = { index: 'removals', eq: [], before, fields: ['owner', 'ordinal'] };
    for await (const removal of allDocs(this.#work, versions, removals)) {
      const { key, version, owner, ordinal } = removal;
      await this.#removeBefore(owner, ordinal, pace);
      // Last: interrupted, the next pass finds it again. It is gone if the agent was brought back.
      await store.commit(this.#work, [versions.toDelete(key, version)]);
    }
  }

  /** Removes the versions in front of a snapshot from before, except the newest of each agent. */
  async #removeVersions(before: string, pace: Pace): Promise<void> {
    const { versions } = this.#options;
    const oldestKept = new LRUCache<string, string>({ max: MAX_REMEMBERED });
    const snapshots = { index: 'snapshots', eq: [], before, fields: ['owner', 'ordinal'] };
    let examined = 0;
    for await (const snapshot of allDocs(this.#work, versions, snapshots)) {
      const { owner, ordinal } = snapshot;
      const oldest = oldestKept.get(owner) ?? (await this.#oldestKept(owner));
      oldestKept.set(owner, oldest);
      if (ordinal <= oldest) await this.#removeBefore(owner, ordinal, pace);
      examined += 1;
      if (examined % SLICE === 0) await pace.rest();
    }
  }

  /** The last of the newest versions that are kept in any case. */
  async #oldestKept(owner: string): Promise<string> {
    const { versions } = this.#options;
    const { docs } = await versions.scan(this.#work, {
      index: 'byTime',
      eq: [owner],
      reverse: true,
      limit: MIN_KEPT,
      fields: ['ordinal'],
    });
    // Fewer: none is removed.
    return docs[MIN_KEPT - 1]?.ordinal ?? '';
  }

  async #removeBefore(owner: string, ordinal: string, pace: Pace): Promise<void> {
    const { store, versions } = this.#options;
    for (;;) {
      const { docs } = await versions.scan(this.#work, {
        index: 'byTime',
        eq: [owner],
        limit: SLICE,
        fields: ['ordinal'],
      });
      const earlier = docs.filter((it) => it.ordinal < ordinal);
      if (earlier.length === 0) return;
      await store.commit(
        this.#work,
        earlier.map(({ key }) => versions.toDelete(key)),
      );
      await pace.rest();
    }
  }
}

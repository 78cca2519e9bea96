import { setTimeout as sleep } from 'node:timers/promises';
import type { DomainEvent } from '../domain/events.ts';
import type { Collection, Cursor, Store } from '../store/port.ts';
import type { Write } from '../store/writes.ts';
import { systemWork, type Work } from '../work.ts';
import { eventsOf } from './change-log.ts';
import type { ChangeDoc } from './collection.ts';

/** The writes that pass events on; they conflict when an event was passed on already. */
export type EventSink = (work: Work, events: readonly DomainEvent[]) => Promise<readonly Write[]>;

export interface RelayOptions {
  readonly store: Pick<Store, 'commit'>;
  readonly changes: Collection<ChangeDoc>;
  readonly sink: EventSink;
  /** Called when events have been passed on. */
  readonly onPassedOn: () => void;
  /** Called with each failure; what failed is tried again by the next look. */
  readonly onError: (error: unknown) => void;
}

const LOOK_EVERY_MS = 5_000;
/** The changes of one commit. */
const PAGE = 50;
const MAX_BACKOFF_MS = 50;
const MAX_ATTEMPTS = 20;

/**
 * Passes on the events of changes, oldest change first, and clears their marks in the same
 * commit. Looks at once after a commit of this process, and regularly for those of others and
 * for what a crash left.
 */
export class Relay {
  readonly #work = systemWork('relay');
  readonly #options: RelayOptions;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #stopped = true;

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  start(): void {
    this.#stopped = false;
    this.#timer = setInterval(() => this.kick(), LOOK_EVERY_MS);
    this.#timer.unref();
    this.kick();
  }

  /** Waits for the commit under way; what is left is found by the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#looking;
  }

  /** Resolves when no look is under way. */
  async idle(): Promise<void> {
    while (this.#looking) await this.#looking;
  }

  /** Looks for pending changes, now or right after the look that is under way. */
  kick(): void {
    if (this.#stopped) return;
    this.#lookAgain = true;
    this.#looking ??= this.#looks().finally(() => {
      this.#looking = undefined;
      if (this.#lookAgain) this.kick();
    });
  }

  async #looks(): Promise<void> {
    while (this.#lookAgain && !this.#stopped) {
      this.#lookAgain = false;
      await this.#passOnAll().catch(this.#options.onError);
    }
  }

  async #passOnAll(): Promise<void> {
    const { changes } = this.#options;
    const stuck = new Set<string>();
    let after: Cursor | undefined;
    for (let more = true; more && !this.#stopped; ) {
      const scan = { index: 'pending', eq: [], limit: PAGE, ...(after && { after }) };
      const page = await changes.scan(this.#work, scan);
      const last = page.docs.at(-1);
      if (!last) break;
      const docs = page.docs.filter(({ org }) => !stuck.has(org));
      if (docs.length > 0 && !(await this.#passOn(docs))) {
        // Another process passes on some of the same changes.
        for (const org of new Set(docs.map((doc) => doc.org))) {
          const own = docs.filter((doc) => doc.org === org);
          if (!(await this.#passOnOrg(own))) stuck.add(org);
        }
      }
      after = page.cursorOf(last);
      more = page.more;
    }
    if (stuck.size > 0) throw new Error(`no events are passed on of ${[...stuck].join(', ')}`);
  }

  /** Those of one org, so that it keeps no other waiting. @returns whether none of them is pending */
  async #passOnOrg(changes: readonly ChangeDoc[]): Promise<boolean> {
    let left = changes;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS && !this.#stopped; attempt += 1) {
      left = await this.#stillPending(left);
      if (left.length === 0 || (await this.#passOn(left))) return true;
      await sleep(Math.random() * MAX_BACKOFF_MS);
    }
    return this.#stopped;
  }

  async #stillPending(changes: readonly ChangeDoc[]): Promise<readonly ChangeDoc[]> {
    const keys = changes.map(({ key }) => key);
    const now = await this.#options.changes.getMany(this.#work, keys);
    return now.flatMap((change) => (change?.pending === undefined ? [] : [change]));
  }

  async #passOn(changes: readonly ChangeDoc[]): Promise<boolean> {
    const { store, changes: collection, sink, onPassedOn } = this.#options;
    const writes = [...(await sink(this.#work, changes.flatMap(eventsOf)))];
    for (const { pending, ...change } of changes) {
      const version = change.version + 1;
      writes.push(collection.toReplace({ ...change, version }, change.version));
    }
    const { committed } = await store.commit(this.#work, writes);
    if (committed) onPassedOn();
    return committed;
  }
}

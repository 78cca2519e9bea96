import type { DomainEvent } from '../domain/events.ts';
import type { Cursor } from '../store/port.ts';
import { systemWork, type Work } from '../work.ts';
import type { Outbox, OutboxSource } from './outbox.ts';

/**
 * Takes the events of one document, in order. It is told of an event again when
 * a crash came before the event was cleared, so it must be idempotent by `id`.
 */
export type EventSink = (events: readonly DomainEvent[]) => Promise<void>;

export interface RelayOptions {
  readonly outbox: Outbox;
  readonly sinks: readonly EventSink[];
  /** Told of what failed; it is tried again with the next sweep. */
  readonly onError: (error: unknown) => void;
}

interface Job {
  readonly source: OutboxSource;
  readonly key: string;
}

const SWEEP_EVERY_MS = 5_000;
const SWEEP_LENGTH = 200;
const SWEEP_PAGES = 10;
const MAX_WORKERS = 8;
const PURGES_AT_ONCE = 2;

/**
 * Passes on the events that documents carry, and clears them; ends what was
 * removed. It is told of every write of this process, and sweeps for what a
 * crash left behind and for what other processes wrote.
 */
export class Relay {
  readonly #work = systemWork('relay');
  readonly #options: RelayOptions;
  readonly #waiting = new Map<string, Job>();
  readonly #underWay = new Map<string, Promise<void>>();
  /** Apart from the rest: a purge may take long, and no event is to wait for it. */
  readonly #purges = new Map<string, Promise<void>>();
  readonly #purgesWaiting = new Map<string, () => Promise<void>>();
  /** By source, where the next sweep goes on. */
  readonly #swept = new Map<OutboxSource, Cursor>();
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #stopping = new AbortController();
  #stopped = true;

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /** Also takes up at once what an earlier process left behind. */
  start(): void {
    const { outbox, onError } = this.#options;
    this.#stopped = false;
    this.#stopping = new AbortController();
    outbox.listen((source, key) => this.#add({ source, key }));
    const sweep = () => {
      this.#sweeping = this.#sweeping.then(() => this.#sweep()).catch(onError);
    };
    this.#timer = setInterval(sweep, SWEEP_EVERY_MS);
    this.#timer.unref();
    sweep();
  }

  /** Ends what is under way, long purges early; what waits is found by the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopping.abort();
    clearInterval(this.#timer);
    await this.#sweeping;
    await Promise.all(this.#underWay.values());
    await Promise.all(this.#purges.values());
    this.#purgesWaiting.clear();
  }

  /** Goes on where the last one ended: what waits for its purge hides nothing that lies behind. */
  async #sweep(): Promise<void> {
    for (const source of this.#options.outbox.sources) {
      let after = this.#swept.get(source);
      this.#swept.delete(source);
      for (let i = 0; i < SWEEP_PAGES; i += 1) {
        if (this.#stopped) return;
        const scan = { index: 'outbox', eq: [], after, limit: SWEEP_LENGTH, fields: [] };
        const page = await source.collection.scan(this.#work, scan);
        for (const { key } of page.docs) this.#add({ source, key });
        const last = page.docs.at(-1);
        after = page.more && last ? page.cursorOf(last) : undefined;
        if (!after) break;
      }
      if (after) this.#swept.set(source, after);
    }
  }

  #add(job: Job): void {
    const { sources } = this.#options.outbox;
    const name = `${sources.indexOf(job.source)}/${job.key}`;
    // A tombstone that each sweep meets again.
    if (this.#purgesWaiting.has(name)) return;
    this.#waiting.set(name, job);
    this.#next();
  }

  #next(): void {
    for (const [name, job] of this.#waiting) {
      if (this.#stopped || this.#underWay.size >= MAX_WORKERS) return;
      // Another turn for a document that was written again while its events went out.
      if (this.#underWay.has(name) || this.#isPurged(name)) continue;
      this.#waiting.delete(name);
      this.#track(this.#underWay, name, this.#passOn(name, job));
    }
  }

  #isPurged(name: string): boolean {
    return this.#purges.has(name) || this.#purgesWaiting.has(name);
  }

  #nextPurge(): void {
    for (const [name, purge] of this.#purgesWaiting) {
      if (this.#stopped || this.#purges.size >= PURGES_AT_ONCE) return;
      this.#purgesWaiting.delete(name);
      this.#track(this.#purges, name, purge());
    }
  }

  #track(running: Map<string, Promise<void>>, name: string, work: Promise<void>): void {
    const done = work
      .catch((error: unknown) => {
        // A purge that was broken off is taken up by the next start.
        if (error !== this.#stopping.signal.reason) this.#options.onError(error);
      })
      .then(() => {
        running.delete(name);
        this.#nextPurge();
        this.#next();
      });
    running.set(name, done);
  }

  async #passOn(name: string, { source, key }: Job): Promise<void> {
    const { collection } = source;
    const stored = await collection.get(this.#work, key, ['outbox', 'removed']);
    if (!stored) return;
    const { outbox = [], removed } = stored;
    if (outbox.length > 0) for (const sink of this.#options.sinks) await sink(outbox);
    const told = new Set(outbox.map(({ id }) => id));
    if (removed === undefined)
      return source.alone(key, () => clear(this.#work, collection, key, told));
    this.#purgesWaiting.set(name, async () => {
      await source.purge(this.#work, removed, this.#stopping.signal);
      await collection.delete(this.#work, key, stored.version);
    });
    this.#nextPurge();
  }
}

/**
 * Takes the events out of the document. Its version stays: it counts changes of
 * what the document says, and only the outbox is another.
 */
async function clear(
  work: Work,
  collection: OutboxSource['collection'],
  key: string,
  ids: ReadonlySet<string>,
): Promise<void> {
  for (;;) {
    const stored = await collection.get(work, key);
    if (!stored?.outbox || stored.removed !== undefined) return;
    const { outbox, outboxAt, ...rest } = stored;
    const left = outbox.filter(({ id }) => !ids.has(id));
    if (left.length === outbox.length) return;
    const [oldest] = left;
    const next = oldest ? { ...rest, outbox: left, outboxAt: oldest.timestamp } : rest;
    if (await collection.replace(work, next, stored.version)) return;
  }
}

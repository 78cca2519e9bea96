import { createHash } from 'node:crypto';
import type { Shared, TokenBuckets } from '../fairness/token-buckets.ts';
import type { Collection, Store } from '../store/port.ts';
import { OpenWork, systemWork, type Work } from '../work.ts';
import type { SharedLimitDoc } from './collection.ts';

export interface ExchangeOptions {
  readonly store: Pick<Store, 'commit'>;
  readonly limits: Collection<SharedLimitDoc>;
  /** By the name of the limit. */
  readonly buckets: ReadonlyMap<string, TokenBuckets>;
  /** The clock that all processes have. */
  readonly now: () => Date;
  /** Called with each failure; what it concerns is exchanged again. */
  readonly onError: (error: unknown) => void;
}

const EVERY_MS = 1_000;
/** Between two exchanges, however many buckets are due. */
const PAUSE_MS = 25;
const TIMEOUT_MS = 5_000;
/** The buckets of each limit in one exchange. Others are due in the next. */
const MAX_BUCKETS = 200;

/**
 * Shares rate limits between processes: each gives by itself, and publishes in the background what
 * it gave. No request waits for the store. If the store does not answer, each process limits by
 * itself until it does.
 */
export class LimitExchange {
  readonly #options: ExchangeOptions;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #endedAt = Number.NEGATIVE_INFINITY;
  #stopped = false;
  /** Whether one is due that was so during an exchange. */
  #again = false;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  start(): void {
    for (const buckets of this.#options.buckets.values()) buckets.share(() => this.#kick());
    this.#timer = setInterval(() => this.#run(), EVERY_MS);
    this.#timer.unref();
  }

  /** Waits for the exchange under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    await this.#running;
  }

  /** Publishes what this process gave of the shared buckets, and takes what the others gave. */
  async exchange(): Promise<void> {
    const work = new OpenWork({
      origin: systemWork('rate limits').origin,
      deadline: performance.now() + TIMEOUT_MS,
    });
    for (const [name, buckets] of this.#options.buckets) {
      const due = buckets.shared(performance.now(), MAX_BUCKETS);
      if (due.length > 0) await this.#exchangeAll(work, name, buckets, due);
    }
  }

  async #exchangeAll(
    work: Work,
    name: string,
    buckets: TokenBuckets,
    due: readonly Shared[],
  ): Promise<void> {
    const { store, limits, now } = this.#options;
    const keys = due.map(({ caller }) => keyOf(name, caller));
    const docs = await limits.getMany(work, keys);
    const at = now().getTime();
    const writes = due.map(async ({ caller, unpublished }, i) => {
      const { given = 0, fullAt } = docs[i] ?? {};
      const fullInMs = fullAt === undefined ? 0 : Math.max(0, Date.parse(fullAt) - at);
      const full = buckets.learn(caller, { given, fullInMs }, performance.now());
      if (unpublished === 0) return;
      const increment = {
        key: keys[i] ?? '',
        add: { given: unpublished },
        max: { fullAt: new Date(at + full).toISOString() },
      };
      // Each by itself: together they would be a transaction, which conflicts with those of others.
      await store.commit(work, [limits.toIncrement(increment)]);
      buckets.published(caller, unpublished);
    });
    const failed = (await Promise.allSettled(writes)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }

  #kick(): void {
    if (this.#stopped || this.#soon) return;
    const pause = Math.max(0, this.#endedAt + PAUSE_MS - performance.now());
    this.#soon = setTimeout(() => {
      this.#soon = undefined;
      this.#run();
    }, pause);
    this.#soon.unref();
  }

  #run(): void {
    if (this.#stopped) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = this.exchange()
      .catch(this.#options.onError)
      .finally(() => {
        this.#running = undefined;
        this.#endedAt = performance.now();
        if (!this.#again) return;
        this.#again = false;
        this.#kick();
      });
  }
}

/** A caller can be a user's `sub` or an address, which the store need not hold. */
function keyOf(name: string, caller: string): string {
  return `${name}/${createHash('sha256').update(caller).digest('base64url')}`;
}

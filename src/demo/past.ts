import type { ChangeLogParts } from '../changes/change-log.ts';
import { Relay } from '../changes/relay.ts';
import type { Services } from '../services.ts';
import { DeliveryRunner, type RunnerParts } from '../webhooks/runner.ts';
import { systemWork } from '../work.ts';

/** A clock that shows the time that it was set to. */
export class SetClock {
  #time: number;

  /** @param time milliseconds since 1970 */
  constructor(time: number) {
    this.#time = time;
  }

  readonly now = (): Date => new Date(this.#time);

  /** Never goes back. */
  set(time: number): void {
    this.#time = Math.max(this.#time, time);
  }
}

export interface PastParts {
  /** Their clock is `clock`. */
  readonly services: Services;
  readonly clock: SetClock;
  readonly changes: ChangeLogParts['changes'];
  readonly deliveryParts: Pick<RunnerParts, 'store' | 'deliveries' | 'results' | 'secrets'>;
}

/** What a receiver of the past answers, by the time of the attempt in milliseconds since 1970. */
export type PastReceiver = (at: number) => { readonly statusCode: number };

/** Lets time pass: passes events on and delivers them when they are due, as the server does. */
export class Past {
  readonly #work = systemWork('demo');
  readonly #parts: PastParts;
  readonly #relay: Relay;
  readonly #runner: DeliveryRunner;

  /** @param random from 0 to 1 */
  constructor(parts: PastParts, receiver: PastReceiver, random: () => number) {
    const { services, clock, changes, deliveryParts } = parts;
    this.#parts = parts;
    const onError = (error: unknown) => {
      throw error;
    };
    this.#relay = new Relay({
      store: deliveryParts.store,
      changes,
      sink: (work, events) => services.webhooks.fanOut(work, events),
      onPassedOn: () => undefined,
      onError,
    });
    this.#runner = new DeliveryRunner({
      ...deliveryParts,
      service: services.webhooks,
      send: async (_url, _secret, _event, at) => receiver(at.getTime()),
      now: clock.now,
      jitter: random,
      onAttempt: () => undefined,
      onError,
    });
  }

  /** Sets the clock to a time, after doing what is due until then. */
  async until(time: number): Promise<void> {
    const { clock, deliveryParts } = this.#parts;
    this.#relay.start();
    await this.#relay.idle();
    await this.#relay.stop();
    const before = new Date(time).toISOString();
    const scan = { index: 'due', eq: [], before, limit: 1, fields: ['dueAt'] };
    for (;;) {
      const [next] = (await deliveryParts.deliveries.scan(this.#work, scan)).docs;
      if (next?.dueAt === undefined) break;
      clock.set(Date.parse(next.dueAt));
      this.#runner.kick();
      await this.#runner.idle();
    }
    clock.set(time);
  }
}

import type { DomainEvent } from '../domain/events.ts';
import {
  type Attempt,
  afterAttempt,
  cancelledDelivery,
  isGone,
  succeeded,
} from '../domain/webhook-deliveries.ts';
import { secretIdsOf, withoutExpiredSecret } from '../domain/webhooks.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import type { Collection, Cursor, Store } from '../store/port.ts';
import { systemWork } from '../work.ts';
import {
  behindTurnsOf,
  type DeliveryDoc,
  turnOf,
  type WebhookDoc,
  type WebhookResultDoc,
  withTurn,
} from './collection.ts';
import type { Sent } from './send.ts';
import type { WebhookService } from './service.ts';

export interface RunnerParts {
  readonly store: Pick<Store, 'commit'>;
  readonly service: Pick<WebhookService, 'find' | 'pauseGone' | 'removeExpiredSecrets'>;
  readonly deliveries: Collection<DeliveryDoc>;
  readonly results: Collection<WebhookResultDoc>;
  readonly secrets: Pick<SecretStore, 'read'>;
  readonly send: (
    url: string,
    secrets: readonly string[],
    event: DomainEvent,
    now: Date,
  ) => Promise<Sent>;
  readonly now: () => Date;
  /** From 0 to 1. */
  readonly jitter: () => number;
  /** Called with each attempt at a receiver, after it is stored. */
  readonly onAttempt: (delivery: DeliveryDoc, attempt: Attempt) => void;
  /** Called with what failed here rather than at a receiver; it is tried again. */
  readonly onError: (error: unknown) => void;
}

type Due = Pick<DeliveryDoc, 'key' | 'version' | 'webhook' | 'queue'>;

/** For deliveries of other processes; this process's own are tried when they are due. */
const LOOK_EVERY_MS = 5_000;
const LOOKS_BETWEEN_PRUNES = 120;
const PAGE = 200;
/** How far a look goes beyond those of one webhook that must wait for others of it. */
const MAX_PAGES = 5;
const AT_ONCE = 64;
const AT_ONCE_PER_WEBHOOK = 8;
/** The deliveries of one queue before others may have its place. */
const MAX_IN_A_ROW = 50;
/** Regular looks find what is due later. */
const MAX_DELAY_MS = 3_600_000;
/** Longer than a try can take. A process that dies in one gives it up for the others after this. */
const LEASE_MS = 20_000;

/**
 * Tries deliveries that are due. Any number of processes may do so: each try
 * is claimed in the store first. First tries of one webhook and subject come
 * one after the other, in the order of their events; a retry holds none up.
 */
export class DeliveryRunner {
  readonly #work = systemWork('webhook deliveries');
  readonly #parts: RunnerParts;
  /** By queue, or by key where it is in none. */
  readonly #underWay = new Map<string, { webhook: string; done: Promise<void> }>();
  #timer: NodeJS.Timeout | undefined;
  #nextLook: NodeJS.Timeout | undefined;
  #nextLookAt = Number.POSITIVE_INFINITY;
  #looking: Promise<void> | undefined;
  #pruning: Promise<void> | undefined;
  #lookAgain = false;
  #looks = 0;
  #stopped = false;
  /** The turn at which the next look begins: where the last one ended. */
  #from = '';

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#looks += 1;
      if (this.#looks % LOOKS_BETWEEN_PRUNES === 0) {
        this.#pruning = this.prune().catch(this.#parts.onError);
      }
      this.kick();
    }, LOOK_EVERY_MS);
    this.#timer.unref();
    this.kick();
  }

  /** Begins nothing new, and waits for the tries under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    clearTimeout(this.#nextLook);
    await this.idle();
    await this.#pruning;
  }

  /** Looks for what is due, now or right after the look that is under way. */
  kick(): void {
    if (this.#looking) {
      this.#lookAgain = true;
      return;
    }
    this.#looking = this.#look()
      .catch(this.#parts.onError)
      .then(() => {
        this.#looking = undefined;
        if (!this.#lookAgain) return;
        this.#lookAgain = false;
        this.kick();
      });
  }

  /** Resolves when nothing is under way and nothing that is due can be begun. */
  async idle(): Promise<void> {
    while (this.#looking || this.#underWay.size > 0) {
      await this.#looking;
      await Promise.all([...this.#underWay.values()].map(({ done }) => done));
    }
  }

  /** Removes expired secrets, and the deliveries that have been kept long enough. */
  async prune(): Promise<void> {
    const { store, service, deliveries, now } = this.#parts;
    await service.removeExpiredSecrets(this.#work);
    for (;;) {
      const before = now().toISOString();
      const scan = { index: 'kept', eq: [], before, limit: PAGE, fields: [] };
      const { docs, more } = await deliveries.scan(this.#work, scan);
      if (docs.length > 0) {
        await store.commit(
          this.#work,
          // One that was requested again meanwhile conflicts, and is no longer found.
          docs.map(({ key, version }) => deliveries.toDelete(key, version)),
        );
      }
      if (!more || this.#stopped) return;
    }
  }

  /** Goes round the webhooks that wait for something, and on from there the next time: none holds up another. */
  async #look(): Promise<void> {
    for await (const webhook of this.#waiting()) {
      await this.#lookFor(webhook);
      this.#from = behindTurnsOf(webhook);
      if (this.#stopped || this.#underWay.size >= AT_ONCE) return;
    }
  }

  /** The webhooks that something is due for, each once. */
  async *#waiting(): AsyncGenerator<string> {
    const { deliveries } = this.#parts;
    const before = dueBy(this.#parts.now());
    const scan = { index: 'due', eq: [], before, limit: PAGE, fields: ['webhook'] };
    const { docs, more } = await deliveries.scan(this.#work, scan);
    if (more) {
      // A backlog, of one perhaps: the others are found by their turns.
      yield* this.#round(this.#from, before);
      return;
    }
    const from = this.#from;
    const webhooks = [...new Set(docs.map(({ webhook }) => webhook))].sort();
    const behind = (webhook: string) => turnOf(webhook) >= from;
    yield* webhooks.filter(behind);
    yield* webhooks.filter((webhook) => !behind(webhook));
  }

  async *#round(start: string, due: string): AsyncGenerator<string> {
    const { deliveries } = this.#parts;
    for (const [first, before] of [[start], ['', start]] as const) {
      for (let from = first; before === undefined || from < before; ) {
        const fields = ['webhook', 'dueAt'];
        const scan = { index: 'turns', eq: [], from, before, limit: 1, fields };
        const [next] = (await deliveries.scan(this.#work, scan)).docs;
        if (!next) break;
        if ((next.dueAt ?? '') < due) yield next.webhook;
        from = behindTurnsOf(next.webhook);
      }
    }
  }

  async #lookFor(webhook: string): Promise<void> {
    if (!this.#hasRoom(webhook)) return;
    const { deliveries, now } = this.#parts;
    const before = turnOf(webhook, dueBy(now()));
    const turns = { index: 'turns', eq: [], from: turnOf(webhook), before };
    let after: Cursor | undefined;
    for (let i = 0; i < MAX_PAGES; i += 1) {
      const fields = ['webhook', 'queue'];
      const page = await deliveries.scan(this.#work, { ...turns, after, limit: PAGE, fields });
      for (const due of page.docs) {
        if (this.#stopped || !this.#hasRoom(webhook)) return;
        if (!this.#underWay.has(nameOf(due))) this.#begin(due);
      }
      const last = page.docs.at(-1);
      if (!page.more || !last) return;
      after = page.cursorOf(last);
    }
  }

  #hasRoom(webhook: string): boolean {
    if (this.#underWay.size >= AT_ONCE) return false;
    let count = 0;
    for (const it of this.#underWay.values()) if (it.webhook === webhook) count += 1;
    return count < AT_ONCE_PER_WEBHOOK;
  }

  #begin(due: Due): void {
    const done = this.#runQueue(due)
      .catch((error: unknown) => {
        this.#parts.onError(error);
        return false;
      })
      .then((ran) => {
        this.#underWay.delete(nameOf(due));
        // What waited for this one, in its queue or for room.
        if (ran && !this.#stopped) this.kick();
      });
    this.#underWay.set(nameOf(due), { webhook: due.webhook, done });
  }

  /**
   * Tries a delivery, and then those behind it in its queue: no look has to find them.
   *
   * @returns whether any was tried
   */
  async #runQueue(due: Due): Promise<boolean> {
    for (let count = 0; count < MAX_IN_A_ROW; count += 1) {
      if (!(await this.#run(due)) || this.#stopped) return count > 0;
      if (due.queue === undefined) return true;
    }
    return true;
  }

  /** @returns whether it was tried */
  async #run(due: Due): Promise<boolean> {
    const key = due.queue === undefined ? due.key : await this.#headOf(due.queue);
    const claimed = key === undefined ? undefined : await this.#claim(key);
    if (!claimed) return false;
    const { store, results, service, now, jitter } = this.#parts;
    const webhook = await service.find(this.#work, claimed.webhook);
    if (!webhook?.active) {
      const reason = webhook ? 'the webhook is paused' : 'the webhook was deleted';
      await this.#save(claimed, cancelledDelivery(claimed, reason, now()));
      return true;
    }
    const attempt = await this.#try(webhook, claimed.event);
    const status = succeeded(attempt) ? 'success' : 'failure';
    const result = { key: webhook.key, init: { webhook: webhook.key } };
    const last = `${attempt.at} ${status}`;
    // By itself, for all deliveries of a webhook write it; and before the delivery shows the
    // attempt, for readers compare the two.
    await store.commit(this.#work, [results.toIncrement({ ...result, max: { last } })]);
    await this.#save(claimed, afterAttempt(claimed, attempt, jitter()));
    this.#parts.onAttempt(claimed, attempt);
    if (isGone(attempt)) await service.pauseGone(this.#work, webhook.key, webhook.url);
    return true;
  }

  /** The first of a queue: another than the due one where a process died in its try. */
  async #headOf(queue: string): Promise<string | undefined> {
    const scan = { index: 'byQueue', eq: [queue], limit: 1, fields: [] };
    const { docs } = await this.#parts.deliveries.scan(this.#work, scan);
    return docs[0]?.key;
  }

  async #claim(key: string): Promise<DeliveryDoc | undefined> {
    const { store, deliveries, now } = this.#parts;
    const delivery = await deliveries.get(this.#work, key);
    if (!delivery?.dueAt || delivery.dueAt > now().toISOString()) return undefined;
    const dueAt = new Date(now().getTime() + LEASE_MS).toISOString();
    const claimed = withTurn({ ...delivery, dueAt, version: delivery.version + 1 });
    const claim = deliveries.toReplace(claimed, delivery.version);
    return (await store.commit(this.#work, [claim])).committed ? claimed : undefined;
  }

  async #try(webhook: WebhookDoc, event: DomainEvent): Promise<Attempt> {
    const { secrets, send, now, onError } = this.#parts;
    const started = now();
    const [current, ...previous] = await Promise.all(
      secretIdsOf(withoutExpiredSecret(webhook, started)).map((id) =>
        secrets.read(this.#work, webhook.key, id).catch(onError),
      ),
    );
    // Rotated in this moment, or not to be read here: a later try may find it.
    const sent = current
      ? await send(
          webhook.url,
          [current, ...previous.filter((it) => typeof it === 'string')],
          event,
          started,
        )
      : { error: 'its signing secret was not found' };
    const durationMs = now().getTime() - started.getTime();
    return { at: started.toISOString(), ...sent, durationMs };
  }

  /** A request to deliver again that came meanwhile stays in force. */
  async #save(claimed: DeliveryDoc, after: DeliveryDoc): Promise<void> {
    const { store, deliveries } = this.#parts;
    const next = withTurn({ ...after, version: claimed.version + 1 });
    await store.commit(this.#work, [deliveries.toReplace(next, claimed.version)]);
    if (next.dueAt !== undefined) this.#lookAt(Date.parse(next.dueAt));
  }

  /** Looks at a time, if that is sooner than the next look that is scheduled. */
  #lookAt(at: number): void {
    if (!this.#timer || this.#stopped || at >= this.#nextLookAt) return;
    clearTimeout(this.#nextLook);
    this.#nextLookAt = at;
    const delay = Math.min(at - this.#parts.now().getTime(), MAX_DELAY_MS);
    this.#nextLook = setTimeout(() => {
      this.#nextLookAt = Number.POSITIVE_INFINITY;
      this.kick();
    }, delay);
    this.#nextLook.unref();
  }
}

/** The bound of what is due, this very millisecond included. */
function dueBy(now: Date): string {
  return `${now.toISOString()}~`;
}

/** A queue has one try under way at a time. */
function nameOf({ queue, key }: Due): string {
  return queue ?? key;
}

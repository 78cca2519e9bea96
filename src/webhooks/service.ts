import { randomBytes } from 'node:crypto';
import type { ChangeLog } from '../changes/change-log.ts';
import type { Effects } from '../domain/effects.ts';
import { DomainError } from '../domain/errors.ts';
import { type DomainEvent, subjectOf } from '../domain/events.ts';
import { URL_SAFE_ALPHABET } from '../domain/ids.ts';
import { traceOf } from '../domain/trace.ts';
import { type DeliveryStatus, newDelivery, requestedAgain } from '../domain/webhook-deliveries.ts';
import {
  type CreateWebhookInput,
  newWebhook,
  secretIdsOf,
  shownPrefix,
  type UpdateWebhookInput,
  updateWebhook,
  type Webhook,
  withNewSecret,
  withoutExpiredSecret,
} from '../domain/webhooks.ts';
import { assertRoom } from '../orgs/room.ts';
import { allDocs } from '../paging/all-docs.ts';
import type { PageRequest, Pager, TokenPage } from '../paging/pager.ts';
import { Records } from '../records/records.ts';
import type { SecretDoc, SecretStore } from '../secrets/secret-store.ts';
import type { MaybePromise } from '../store/bounds.ts';
import type { Collection, Store } from '../store/port.ts';
import type { Write } from '../store/writes.ts';
import type { Work } from '../work.ts';
import {
  type DeliveryDoc,
  deliveryKey,
  type WebhookDoc,
  type WebhookResultDoc,
  webhookKey,
  withTurn,
} from './collection.ts';

export interface WebhookParts {
  readonly store: Pick<Store, 'commit'>;
  readonly webhooks: Collection<WebhookDoc>;
  readonly deliveries: Collection<DeliveryDoc>;
  readonly results: Collection<WebhookResultDoc>;
  readonly secrets: SecretStore;
  readonly pager: Pager;
  readonly effects: Effects;
  readonly log: ChangeLog;
  /** Whether private addresses and plain http are accepted. */
  readonly allowPrivate: boolean;
}

/** A webhook, and its secret when it has just been created. */
export type WebhookWithSecret = WebhookDoc & { readonly signingSecret: string };

export interface WebhookResult {
  readonly at: string;
  readonly status: 'success' | 'failure';
}

const ID_LENGTH = 20;
const SECRET_BYTES = 32;

/** Webhooks and what is to be delivered to them. Delivering is the runner's. */
export class WebhookService {
  readonly #parts: WebhookParts;
  readonly #records: Records<WebhookDoc>;
  #onDue: () => void = () => undefined;

  constructor(parts: WebhookParts) {
    const { webhooks, deliveries, results, log } = parts;
    this.#parts = parts;
    this.#records = new Records({
      log,
      collection: webhooks,
      type: 'webhook',
      resourceOf: ({ org, id, uid }) => ({ org, id, uid }),
      notFound,
    });
    log.purgeWith('webhook', async (_, { key }, purge) => {
      await purge(deliveries, 'byWebhook', [key]);
      await purge(results, 'byWebhook', [key]);
    });
  }

  /** @param listener called when there is something to deliver at once */
  onDue(listener: () => void): void {
    this.#onDue = listener;
  }

  /** @throws DomainError `request.invalid`, `org.limit_reached` */
  async create(work: Work, org: string, input: CreateWebhookInput): Promise<WebhookWithSecret> {
    const { webhooks, effects, allowPrivate } = this.#parts;
    const content = newWebhook(input, allowPrivate);
    await assertRoom(work, webhooks, org, 'webhooks');
    const now = effects.now().toISOString();
    const id = `wh_${effects.random(URL_SAFE_ALPHABET, ID_LENGTH)}`;
    const key = webhookKey(org, id);
    const { sealed, signingSecret } = await this.#newSecret(key);
    const doc: WebhookDoc = {
      ...content,
      key,
      org,
      id,
      uid: effects.uid(),
      version: 1,
      secretId: sealed.id,
      signingSecretPrefix: shownPrefix(signingSecret),
      createdAt: now,
      updatedAt: now,
    };
    const secret = { owner: key, before: [], after: [sealed.id], sealed: [sealed] };
    const also = this.#parts.secrets.writes(secret);
    // Changes may be under way that found no webhook in the org.
    if (!(await this.#records.create(work, doc, { also, catchUp: true }))) {
      throw new Error('the source of randomness repeats itself');
    }
    return { ...doc, signingSecret };
  }

  /** @throws DomainError `webhook.not_found` */
  get(work: Work, org: string, id: string): MaybePromise<WebhookDoc> {
    return this.#records.get(work, webhookKey(org, id));
  }

  /** By its key; undefined where there is none. */
  find(work: Work, key: string): MaybePromise<WebhookDoc | undefined> {
    return this.#records.find(work, key);
  }

  /** Newest first. */
  list(work: Work, org: string, page: PageRequest): Promise<TokenPage<WebhookDoc>> {
    const { pager, webhooks } = this.#parts;
    const scan = { index: 'byOrg', eq: [org], reverse: true };
    return pager.page(work, webhooks, 'webhooks', scan, page);
  }

  /** @throws DomainError `webhook.not_found`, `request.invalid` */
  update(work: Work, org: string, id: string, input: UpdateWebhookInput): Promise<WebhookDoc> {
    return this.#records.change(work, webhookKey(org, id), undefined, (webhook) =>
      updateWebhook(webhook, input, this.#parts.allowPrivate),
    );
  }

  /**
   * Gives the webhook another secret.
   *
   * @param overlapSeconds how long the old one signs too
   * @throws DomainError `webhook.not_found`, `request.invalid`
   */
  async rotate(
    work: Work,
    org: string,
    id: string,
    overlapSeconds: number,
  ): Promise<WebhookWithSecret> {
    const key = webhookKey(org, id);
    const { sealed, signingSecret } = await this.#newSecret(key);
    const secret = { secretId: sealed.id, signingSecretPrefix: shownPrefix(signingSecret) };
    const { effects } = this.#parts;
    const doc = await this.#changeSecrets(
      work,
      key,
      (webhook) => withNewSecret(webhook, secret, overlapSeconds, effects.now()),
      [sealed],
    );
    return { ...doc, signingSecret };
  }

  /** Removes the previous secrets that sign nothing any more. */
  async removeExpiredSecrets(work: Work): Promise<void> {
    const { webhooks, effects } = this.#parts;
    const now = effects.now();
    // What expires at this moment is expired.
    const before = `${now.toISOString()}~`;
    const scan = { index: 'expiring', eq: [], before, fields: [] };
    for await (const { key } of allDocs(work, webhooks, scan)) {
      await this.#changeSecrets(work, key, (it) => withoutExpiredSecret(it, now)).catch(
        ignoreRemoved,
      );
    }
  }

  /** @param sealed sealed for this change */
  #changeSecrets(
    work: Work,
    owner: string,
    fn: (webhook: WebhookDoc) => WebhookDoc,
    sealed: readonly SecretDoc[] = [],
  ): Promise<WebhookDoc> {
    const { secrets } = this.#parts;
    return this.#records.change(work, owner, undefined, fn, {
      also: (before, after) =>
        secrets.writes({ owner, before: secretIdsOf(before), after: secretIdsOf(after), sealed }),
    });
  }

  /**
   * Pauses a webhook whose receiver says that it is gone.
   *
   * @param url the receiver; nothing happens when the webhook has another one by now
   */
  async pauseGone(work: Work, key: string, url: string): Promise<void> {
    if (!(await this.find(work, key))) return;
    await this.#records.change(work, key, undefined, (webhook) =>
      webhook.active && webhook.url === url ? { ...webhook, active: false } : webhook,
    );
  }

  /**
   * Removes a webhook, and in the background its deliveries.
   *
   * @returns its last state
   * @throws DomainError `webhook.not_found`
   */
  delete(work: Work, org: string, id: string): Promise<WebhookDoc> {
    const { secrets } = this.#parts;
    const owner = webhookKey(org, id);
    return this.#records.remove(work, owner, undefined, undefined, (last) =>
      secrets.writes({ owner, before: secretIdsOf(last), after: [] }),
    );
  }

  /** How the last try of each went; undefined for none yet. */
  async lastResults(work: Work, keys: readonly string[]): Promise<(WebhookResult | undefined)[]> {
    const docs = await this.#parts.results.getMany(work, keys);
    return docs.map((doc) => {
      const [at, status] = doc?.last.split(' ') ?? [];
      return at && (status === 'success' || status === 'failure') ? { at, status } : undefined;
    });
  }

  /**
   * A webhook's deliveries, newest first. They are kept for a week.
   *
   * @param status the only one of the results
   */
  deliveries(
    work: Work,
    webhook: string,
    page: PageRequest,
    status?: DeliveryStatus | null,
  ): Promise<TokenPage<DeliveryDoc>> {
    const { pager, deliveries } = this.#parts;
    const scan =
      status == null
        ? { index: 'byWebhook', eq: [webhook] }
        : { index: 'byStatus', eq: [webhook, status] };
    return pager.page(work, deliveries, 'deliveries', { ...scan, reverse: true }, page);
  }

  /** @throws DomainError `webhook.delivery_not_found` */
  async delivery(work: Work, webhook: string, event: string): Promise<DeliveryDoc> {
    const delivery = await this.#parts.deliveries.get(work, deliveryKey(webhook, event));
    if (delivery) return delivery;
    const message = `the webhook has no delivery '${event}'`;
    throw new DomainError('webhook.delivery_not_found', message);
  }

  /**
   * The writes that deliver events to every webhook which subscribes to them and existed when
   * they happened. They conflict when a delivery exists already.
   */
  async fanOut(work: Work, events: readonly DomainEvent[]): Promise<readonly Write[]> {
    const { deliveries } = this.#parts;
    const writes: Write[] = [];
    for (const org of new Set(events.map(({ data }) => data.orgId))) {
      const webhooks = await this.#activeOf(work, org);
      for (const event of events) {
        if (event.data.orgId !== org) continue;
        for (const webhook of webhooks) {
          if (takes(webhook, event))
            writes.push(deliveries.toInsert(this.#deliveryOf(webhook, event)));
        }
      }
    }
    return writes;
  }

  /** To be called once the writes of `fanOut` are committed. */
  delivered(): void {
    this.#onDue();
  }

  /**
   * Sends a test event, whatever the webhook subscribes to.
   *
   * @throws DomainError `webhook.not_found`, `webhook.paused`
   */
  async ping(work: Work, org: string, id: string): Promise<DeliveryDoc> {
    const { store, deliveries, effects } = this.#parts;
    const webhook = await this.#unpaused(work, org, id);
    const delivery = this.#deliveryOf(webhook, {
      type: 'webhook.ping',
      data: { id, orgId: org },
      id: `evt_${effects.uid()}`,
      timestamp: effects.now().toISOString(),
      ...traceOf(work.origin),
    });
    await store.commit(work, [deliveries.toInsert(delivery)]);
    this.#onDue();
    return delivery;
  }

  /**
   * Delivers again, from the first try on, whatever came of it before.
   *
   * @throws DomainError `webhook.not_found`, `webhook.paused`, `webhook.delivery_not_found`
   */
  async redeliver(work: Work, org: string, id: string, event: string): Promise<DeliveryDoc> {
    const { store, deliveries, effects } = this.#parts;
    const { key } = await this.#unpaused(work, org, id);
    for (;;) {
      const delivery = await this.delivery(work, key, event);
      const asked = requestedAgain(delivery, effects.now());
      const again = withTurn({ ...asked, version: delivery.version + 1 });
      const write = deliveries.toReplace(again, delivery.version);
      if (!(await store.commit(work, [write])).committed) continue;
      this.#onDue();
      return again;
    }
  }

  async #unpaused(work: Work, org: string, id: string): Promise<WebhookDoc> {
    const webhook = await this.get(work, org, id);
    if (webhook.active) return webhook;
    throw new DomainError('webhook.paused', `the webhook '${id}' is paused; set active to true`);
  }

  #deliveryOf(webhook: Pick<WebhookDoc, 'key' | 'org'>, event: DomainEvent): DeliveryDoc {
    return withTurn({
      ...newDelivery(event, `${webhook.key}/${subjectOf(event)}`),
      key: deliveryKey(webhook.key, event.id),
      version: 1,
      org: webhook.org,
      webhook: webhook.key,
      id: event.id,
      createdAt: this.#parts.effects.now().toISOString(),
    });
  }

  async #activeOf(work: Work, org: string): Promise<WebhookDoc[]> {
    const active: WebhookDoc[] = [];
    const fields = ['org', 'active', 'events', 'createdAt'];
    const scan = { index: 'byOrg', eq: [org], fields };
    for await (const webhook of allDocs(work, this.#parts.webhooks, scan)) {
      if (webhook.active) active.push(webhook);
    }
    return active;
  }

  async #newSecret(key: string): Promise<{ sealed: SecretDoc; signingSecret: string }> {
    const signingSecret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
    return { sealed: await this.#parts.secrets.seal(key, signingSecret), signingSecret };
  }
}

function takes(webhook: Webhook, event: DomainEvent): boolean {
  return webhook.events.includes(event.type) && webhook.createdAt <= event.timestamp;
}

function ignoreRemoved(error: unknown): void {
  if (!(error instanceof DomainError && error.code === 'webhook.not_found')) throw error;
}

function notFound(key: string): DomainError {
  const id = key.slice(key.indexOf('/') + 1);
  return new DomainError('webhook.not_found', `there is no webhook '${id}'`);
}

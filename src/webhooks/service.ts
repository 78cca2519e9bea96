import { randomBytes } from 'node:crypto';
import type { Effects } from '../domain/effects.ts';
import { DomainError } from '../domain/errors.ts';
import { type DomainEvent, subjectOf } from '../domain/events.ts';
import { URL_SAFE_ALPHABET } from '../domain/ids.ts';
import { newDelivery, requestedAgain } from '../domain/webhook-deliveries.ts';
import {
  type CreateWebhookInput,
  newWebhook,
  shownPrefix,
  type UpdateWebhookInput,
  updateWebhook,
  type Webhook,
} from '../domain/webhooks.ts';
import type { PageRequest, Pager, TokenPage } from '../paging/pager.ts';
import type { Outbox } from '../records/outbox.ts';
import { purgeAll } from '../records/purge.ts';
import { Records } from '../records/records.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import type { Collection, Cursor } from '../store/port.ts';
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
  readonly webhooks: Collection<WebhookDoc>;
  readonly deliveries: Collection<DeliveryDoc>;
  readonly results: Collection<WebhookResultDoc>;
  readonly secrets: SecretStore;
  readonly pager: Pager;
  readonly effects: Effects;
  readonly outbox: Outbox;
  /** Whether private addresses and plain http are taken. */
  readonly allowPrivate: boolean;
}

/** A webhook, and its secret where it has just been made. */
export type WebhookWithSecret = WebhookDoc & { readonly signingSecret: string };

export interface WebhookResult {
  readonly at: string;
  readonly status: 'success' | 'failure';
}

const ID_LENGTH = 20;
const SECRET_BYTES = 32;
const SECRET_HOLDER = 'webhook';
const FAN_OUT_PAGE = 200;

/** Webhooks and what is to be delivered to them. Delivering is the runner's. */
export class WebhookService {
  readonly #parts: WebhookParts;
  readonly #records: Records<WebhookDoc>;
  #onDue: () => void = () => undefined;

  constructor(parts: WebhookParts) {
    const { webhooks, effects, outbox } = parts;
    this.#parts = parts;
    this.#records = new Records(webhooks, effects.now, notFound, {
      outbox,
      remains: ({ key }) => key,
      purge: (work, key, signal) => this.#purge(work, key as string, signal),
    });
  }

  /** @param listener told when there is something to deliver at once */
  onDue(listener: () => void): void {
    this.#onDue = listener;
  }

  /** @throws DomainError `request.invalid` */
  async create(work: Work, org: string, input: CreateWebhookInput): Promise<WebhookWithSecret> {
    const { effects, allowPrivate } = this.#parts;
    const content = newWebhook(input, allowPrivate);
    const now = effects.now().toISOString();
    const id = `wh_${effects.random(URL_SAFE_ALPHABET, ID_LENGTH)}`;
    const key = webhookKey(org, id);
    const { secretId, signingSecret } = await this.#newSecret(work, key);
    const doc: WebhookDoc = {
      ...content,
      key,
      org,
      id,
      uid: effects.uid(),
      version: 1,
      secretId,
      signingSecretPrefix: shownPrefix(signingSecret),
      createdAt: now,
      updatedAt: now,
    };
    await this.#records.create(work, doc);
    return { ...doc, signingSecret };
  }

  /** @throws DomainError `webhook.not_found` */
  get(work: Work, org: string, id: string): Promise<WebhookDoc> {
    return this.#records.get(work, webhookKey(org, id));
  }

  /** By its key; undefined where there is none. */
  find(work: Work, key: string): Promise<WebhookDoc | undefined> {
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
   * Gives the webhook another secret; the old one signs nothing from now on.
   *
   * @throws DomainError `webhook.not_found`
   */
  async rotate(work: Work, org: string, id: string): Promise<WebhookWithSecret> {
    const key = webhookKey(org, id);
    await this.#records.get(work, key);
    const { secretId, signingSecret } = await this.#newSecret(work, key);
    const { secrets } = this.#parts;
    let replaced = '';
    let doc: WebhookDoc;
    try {
      doc = await this.#records.change(work, key, undefined, (webhook) => {
        replaced = webhook.secretId;
        return { ...webhook, secretId, signingSecretPrefix: shownPrefix(signingSecret) };
      });
    } catch (error) {
      // Only a refusal says for certain that nothing refers to it.
      if (error instanceof DomainError) await secrets.remove(work, key, [secretId]);
      throw error;
    }
    await secrets.remove(work, key, [replaced]);
    await secrets.sweep(work, key, SECRET_HOLDER, async () => {
      const webhook = await this.find(work, key);
      return new Set(webhook ? [webhook.secretId] : []);
    });
    return { ...doc, signingSecret };
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
    return this.#records.remove(work, webhookKey(org, id), undefined);
  }

  /** How the last try of each went; undefined for none yet. */
  async lastResults(work: Work, keys: readonly string[]): Promise<(WebhookResult | undefined)[]> {
    const docs = await this.#parts.results.getMany(work, keys);
    return docs.map((doc) => {
      const [at, status] = doc?.last.split(' ') ?? [];
      return at && (status === 'success' || status === 'failure') ? { at, status } : undefined;
    });
  }

  /** A webhook's deliveries, newest first. They are kept for a week. */
  deliveries(work: Work, webhook: string, page: PageRequest): Promise<TokenPage<DeliveryDoc>> {
    const { pager, deliveries } = this.#parts;
    const scan = { index: 'byWebhook', eq: [webhook], reverse: true };
    return pager.page(work, deliveries, 'deliveries', scan, page);
  }

  /**
   * Records what is to be delivered of these events, to every webhook that
   * subscribes to them and was there when they happened. Told of an event
   * again, it changes nothing.
   */
  async fanOut(work: Work, events: readonly DomainEvent[]): Promise<void> {
    const orgs = new Set(events.map(({ data }) => data.orgId));
    for (const org of orgs) {
      const webhooks = await this.#activeOf(work, org);
      if (webhooks.length === 0) continue;
      for (const event of events.filter(({ data }) => data.orgId === org)) {
        const takers = webhooks.filter((it) => takes(it, event));
        await Promise.all(takers.map((webhook) => this.#deliver(work, webhook, event)));
      }
    }
    this.#onDue();
  }

  /**
   * Sends a test event, whatever the webhook subscribes to.
   *
   * @throws DomainError `webhook.not_found`, `webhook.paused`
   */
  async ping(work: Work, org: string, id: string): Promise<DeliveryDoc> {
    const { effects } = this.#parts;
    const webhook = await this.#unpaused(work, org, id);
    const delivery = await this.#deliver(work, webhook, {
      type: 'webhook.ping',
      data: { id, orgId: org },
      id: `evt_${effects.uid()}`,
      timestamp: effects.now().toISOString(),
    });
    this.#onDue();
    return delivery;
  }

  /**
   * Delivers again, from the first try on, whatever came of it before.
   *
   * @throws DomainError `webhook.not_found`, `webhook.paused`, `webhook.delivery_not_found`
   */
  async redeliver(work: Work, org: string, id: string, event: string): Promise<DeliveryDoc> {
    const { deliveries, effects } = this.#parts;
    const { key } = await this.#unpaused(work, org, id);
    for (;;) {
      const delivery = await deliveries.get(work, deliveryKey(key, event));
      if (!delivery) {
        throw new DomainError(
          'webhook.delivery_not_found',
          `the webhook '${id}' has no delivery '${event}'`,
        );
      }
      const asked = requestedAgain(delivery, effects.now());
      const again = withTurn({ ...asked, version: delivery.version + 1 });
      if (!(await deliveries.replace(work, again, delivery.version))) continue;
      this.#onDue();
      return again;
    }
  }

  async #unpaused(work: Work, org: string, id: string): Promise<WebhookDoc> {
    const webhook = await this.get(work, org, id);
    if (webhook.active) return webhook;
    throw new DomainError('webhook.paused', `the webhook '${id}' is paused; set active to true`);
  }

  async #deliver(work: Work, webhook: WebhookDoc, event: DomainEvent): Promise<DeliveryDoc> {
    const { deliveries, effects } = this.#parts;
    const doc = withTurn({
      ...newDelivery(event, `${webhook.key}/${subjectOf(event)}`),
      key: deliveryKey(webhook.key, event.id),
      version: 1,
      org: webhook.org,
      webhook: webhook.key,
      id: event.id,
      createdAt: effects.now().toISOString(),
    });
    await deliveries.insert(work, doc);
    return doc;
  }

  async #activeOf(work: Work, org: string): Promise<WebhookDoc[]> {
    const active: WebhookDoc[] = [];
    let after: Cursor | undefined;
    do {
      const scan = { index: 'byOrg', eq: [org], limit: FAN_OUT_PAGE, after };
      const page = await this.#parts.webhooks.scan(work, scan);
      active.push(...page.docs.filter((webhook) => webhook.active));
      const last = page.docs.at(-1);
      after = page.more && last ? page.cursorOf(last) : undefined;
    } while (after);
    return active;
  }

  async #newSecret(work: Work, key: string): Promise<{ secretId: string; signingSecret: string }> {
    const signingSecret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
    const secretId = await this.#parts.secrets.add(work, key, SECRET_HOLDER, signingSecret);
    return { secretId, signingSecret };
  }

  async #purge(work: Work, key: string, signal: AbortSignal): Promise<void> {
    const { secrets, deliveries, results } = this.#parts;
    await secrets.purge(work, key);
    await purgeAll(work, deliveries, 'byWebhook', [key], signal);
    await results.delete(work, key);
  }
}

function takes(webhook: Webhook, event: DomainEvent): boolean {
  return webhook.events.includes(event.type) && webhook.createdAt <= event.timestamp;
}

function notFound(key: string): DomainError {
  const id = key.slice(key.indexOf('/') + 1);
  return new DomainError('webhook.not_found', `there is no webhook '${id}'`);
}

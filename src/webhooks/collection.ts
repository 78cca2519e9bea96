import type { Delivery } from '../domain/delivery.ts';
import type { Webhook } from '../domain/webhook.ts';
import { OUTBOX_INDEX } from '../records/outbox.ts';
import { collectionSpec, type Doc } from '../store/port.ts';

/** As stored. The key is `org/id`. */
export interface WebhookDoc extends Webhook {
  readonly key: string;
}

export const WEBHOOKS = collectionSpec<WebhookDoc>('webhooks', {
  ...OUTBOX_INDEX,
  /** Newest first, read in reverse. */
  byOrg: { eq: ['org'], order: 'uid' },
});

/** As stored. The key is `org/webhook id/event id`: an event is delivered once to a webhook. */
export interface DeliveryDoc extends Doc, Delivery {
  readonly org: string;
  /** The webhook's key. */
  readonly webhook: string;
  /** The event's id. */
  readonly id: string;
  readonly createdAt: string;
}

export const DELIVERIES = collectionSpec<DeliveryDoc>('deliveries', {
  /** Newest first, read in reverse. */
  byWebhook: { eq: ['webhook'], order: 'id' },
  due: { eq: [], order: 'dueAt' },
  /** The first tries of one webhook and subject, oldest event first. */
  byLane: { eq: ['lane'], order: 'id' },
  kept: { eq: [], order: 'keptUntil' },
});

/**
 * How the last try of each webhook went, apart from the webhook, so that a
 * delivery never changes its version. By the webhook's key.
 */
export interface WebhookResultDoc extends Doc {
  /** `<time> success` or `<time> failure`: the latest is the highest. */
  readonly last: string;
}

export const WEBHOOK_RESULTS = collectionSpec<WebhookResultDoc>('webhookResults');

export function webhookKey(org: string, id: string): string {
  return `${org}/${id}`;
}

export function deliveryKey(webhook: string, event: string): string {
  return `${webhook}/${event}`;
}

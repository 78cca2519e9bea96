import type { Delivery } from '../domain/webhook-deliveries.ts';
import type { Webhook } from '../domain/webhooks.ts';
import { collectionSpec, type Doc } from '../store/port.ts';

/** As stored. The key is `org/id`. */
export interface WebhookDoc extends Webhook {
  readonly key: string;
}

export const WEBHOOKS = collectionSpec<WebhookDoc>(
  'webhooks',
  {
    /** Newest first, read in reverse. */
    byOrg: { eq: ['org'], order: 'uid' },
    /** Those with a previous secret. */
    expiring: { eq: [], order: 'previousSecretExpiresAt' },
  },
  'org',
);

/** As stored. The key is `org/webhook id/event id`: an event is delivered once to a webhook. */
export interface DeliveryDoc extends Doc, Delivery {
  readonly org: string;
  /** The webhook's key. */
  readonly webhook: string;
  /** The event's id. */
  readonly id: string;
  readonly createdAt: string;
  /** While it is pending: the webhook's key, and when it is due, by which those of one webhook lie together. */
  readonly turn?: string;
}

export const DELIVERIES = collectionSpec<DeliveryDoc>(
  'deliveries',
  {
    /** Newest first, read in reverse. */
    byWebhook: { eq: ['webhook'], order: 'id' },
    /** As `byWebhook`. */
    byStatus: { eq: ['webhook', 'status'], order: 'id' },
    due: { eq: [], order: 'dueAt' },
    turns: { eq: [], order: 'turn' },
    /** The first tries of one webhook and subject, oldest event first. */
    byQueue: { eq: ['queue'], order: 'id' },
    kept: { eq: [], order: 'keptUntil' },
  },
  'webhook',
);

/** The delivery as it is stored: with its turn while it is pending, without one from then on. */
export function withTurn({ turn, ...delivery }: DeliveryDoc): DeliveryDoc {
  const { webhook, dueAt } = delivery;
  return dueAt === undefined ? delivery : { ...delivery, turn: turnOf(webhook, dueAt) };
}

/** Where the turn of a webhook's delivery is that is due at a time; before all of its turns where none is given. */
export function turnOf(webhook: string, dueAt = ''): string {
  return `${webhook} ${dueAt}`;
}

/** Where the turns behind those of a webhook begin: no time begins with a tilde. */
export function behindTurnsOf(webhook: string): string {
  return turnOf(webhook, '~');
}

/**
 * How the last try of each webhook went, apart from the webhook, so that a
 * delivery never changes its version. By the webhook's key.
 */
export interface WebhookResultDoc extends Doc {
  /** The webhook's key. */
  readonly webhook: string;
  /** `<time> success` or `<time> failure`: the latest is the highest. */
  readonly last: string;
}

export const WEBHOOK_RESULTS = collectionSpec<WebhookResultDoc>('webhookResults', {
  byWebhook: { eq: ['webhook'], order: 'last' },
});

export function webhookKey(org: string, id: string): string {
  return `${org}/${id}`;
}

export function deliveryKey(webhook: string, event: string): string {
  return `${webhook}/${event}`;
}

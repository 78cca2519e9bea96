import { invalid } from './errors.ts';
import type { EventType } from './events.ts';
import { LENGTHS } from './lengths.ts';
import { assertNotCleared, mergePatch, setFields } from './patch.ts';
import { isPublicAddress, literalAddress } from './public-address.ts';

/** An org's endpoint for events (reference, "Webhooks"). */
export interface Webhook {
  readonly org: string;
  readonly id: string;
  readonly uid: string;
  readonly version: number;
  readonly url: string;
  /** The subscribed events. */
  readonly events: readonly EventType[];
  /** Nothing is sent while false. */
  readonly active: boolean;
  readonly description?: string;
  /** The id of its signing secret in the secret store. */
  readonly secretId: string;
  readonly signingSecretPrefix: string;
  /** The secret before, which signs too until `previousSecretExpiresAt` (ISO-8601). Both or neither are set. */
  readonly previousSecretId?: string;
  readonly previousSecretExpiresAt?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface CreateWebhookInput {
  readonly url: string;
  readonly events?: readonly EventType[] | null | undefined;
  readonly active?: boolean | null | undefined;
  readonly description?: string | null | undefined;
}

export type UpdateWebhookInput = {
  readonly [K in keyof CreateWebhookInput]?: CreateWebhookInput[K] | null | undefined;
};

/** The parts of a webhook that callers write. */
export type WebhookContent = Pick<Webhook, 'url' | 'events' | 'active' | 'description'>;

/** How long an old secret can sign beside the new one. */
export const MAX_OVERLAP_SECONDS = 7 * 24 * 3_600;

/** Names without a host on the public internet (RFC 6761, RFC 6762, ICANN's `.internal`). */
const NEVER_PUBLIC = /(^|\.)(localhost|local|internal)\.?$/;
const SHOWN_LENGTH = 'whsec_'.length + 6;

/** @throws DomainError `request.invalid` */
export function newWebhook(input: CreateWebhookInput, allowPrivate: boolean): WebhookContent {
  assertUrl(input.url, allowPrivate);
  return {
    url: input.url,
    events: distinct(input.events),
    active: input.active ?? true,
    ...setFields<{ description?: string }>({ description: input.description }),
  };
}

/**
 * A merge patch; `null` for `events` unsubscribes from all.
 *
 * @throws DomainError `request.invalid`
 */
export function updateWebhook<W extends WebhookContent>(
  webhook: W,
  { url, events, active, description }: UpdateWebhookInput,
  allowPrivate: boolean,
): W {
  assertNotCleared({ url, active }, ['url', 'active']);
  if (url != null) assertUrl(url, allowPrivate);
  const patch = {
    url,
    events: events === undefined ? undefined : distinct(events),
    active,
    description,
  };
  return mergePatch<WebhookContent>(webhook, patch) as W;
}

/** The parts of a webhook that its secrets are. */
type Signing = Pick<
  Webhook,
  'secretId' | 'signingSecretPrefix' | 'previousSecretId' | 'previousSecretExpiresAt'
>;

/**
 * The webhook with a new secret. The one it replaces signs too for `overlapSeconds`; with 0, and
 * any earlier one in any case, it signs nothing from now on.
 *
 * @throws DomainError `request.invalid` on an overlap out of range
 */
export function withNewSecret<W extends Signing>(
  webhook: W,
  secret: Pick<Webhook, 'secretId' | 'signingSecretPrefix'>,
  overlapSeconds: number,
  now: Date,
): W {
  if (overlapSeconds < 0 || overlapSeconds > MAX_OVERLAP_SECONDS) {
    const message = `must be from 0 to ${MAX_OVERLAP_SECONDS}`;
    throw invalid([{ path: 'overlapSeconds', message }]);
  }
  const changed = { ...withoutPrevious(webhook), ...secret };
  if (overlapSeconds === 0) return changed;
  return {
    ...changed,
    previousSecretId: webhook.secretId,
    previousSecretExpiresAt: new Date(now.getTime() + overlapSeconds * 1_000).toISOString(),
  };
}

/** The webhook without a previous secret that has expired. */
export function withoutExpiredSecret<W extends Signing>(webhook: W, now: Date): W {
  const { previousSecretExpiresAt: end } = webhook;
  return end === undefined || end > now.toISOString() ? webhook : withoutPrevious(webhook);
}

/** The ids of the secrets that a webhook refers to, the current one first. */
export function secretIdsOf({ secretId, previousSecretId }: Signing): readonly string[] {
  return previousSecretId === undefined ? [secretId] : [secretId, previousSecretId];
}

function withoutPrevious<W extends Signing>(webhook: W): W {
  const { previousSecretId, previousSecretExpiresAt, ...rest } = webhook;
  return rest as unknown as W;
}

/** The part of a signing secret that may be shown. */
export function shownPrefix(secret: string): string {
  return secret.slice(0, SHOWN_LENGTH);
}

function distinct(events: readonly EventType[] | null | undefined): readonly EventType[] {
  return [...new Set(events ?? [])];
}

function assertUrl(text: string, allowPrivate: boolean): void {
  const problem = urlProblem(new URL(text), allowPrivate);
  if (problem) throw invalid([{ path: 'url', message: problem }]);
}

function urlProblem(url: URL, allowPrivate: boolean): string | undefined {
  if (url.href.length > LENGTHS.url) {
    return `must have at most ${LENGTHS.url} characters`;
  }
  if (url.username !== '' || url.password !== '') return 'must not contain credentials';
  if (allowPrivate) return undefined;
  if (url.protocol !== 'https:') return 'must be an https URL';
  // A name that resolves to a private address is refused when an event is sent.
  if (NEVER_PUBLIC.test(url.hostname)) return 'must not be a private host';
  const address = literalAddress(url);
  if (address !== undefined && !isPublicAddress(address)) return 'must not be a private address';
  return undefined;
}

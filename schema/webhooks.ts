import { EVENT_TYPES } from '../src/domain/events.ts';
import { bodyOf, DELIVERY_STATUSES } from '../src/domain/webhook-deliveries.ts';
import { MAX_OVERLAP_SECONDS } from '../src/domain/webhooks.ts';
import type { DeliveryDoc, WebhookDoc } from '../src/webhooks/collection.ts';
import type { WebhookWithSecret } from '../src/webhooks/service.ts';
import { idArg, inputArg, orgArg, pageArgs } from './args.ts';
import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';
import { enumOf } from './enums.ts';
import { EVENT_TEXTS } from './event-texts.ts';
import { OrgRef } from './refs.ts';
import { entity, mayInOrg, mayOnDocument, mayOnOrg } from './rights.ts';
import { LIST, TEXT } from './texts.ts';

const WebhookEvent = enumOf(
  'WebhookEventType',
  'An event in an org. The webhook-events catalog describes each.',
  EVENT_TYPES,
  EVENT_TEXTS,
);

const DeliveryStatus = enumOf('DeliveryStatus', 'The status of a delivery.', DELIVERY_STATUSES, {
  pending: 'Not delivered yet. Another attempt follows.',
  success: 'The receiver accepted the event.',
  failure: 'Every attempt failed. No other follows.',
});

const DeliveryResult = enumOf(
  'DeliveryResult',
  'The result of an attempt.',
  ['success', 'failure'],
  {
    success: 'The receiver answered with 2xx in time.',
    failure: 'The receiver answered with another status, or not in time.',
  },
);

const DeliveryAttempt = builder
  .objectRef<DeliveryDoc['attempts'][number]>('WebhookDeliveryAttempt')
  .implement({
    description: 'An attempt of a delivery.',
    fields: (t) => ({
      at: t.expose('at', { type: 'DateTime', description: 'When the attempt was made.' }),
      statusCode: t.exposeInt('statusCode', {
        nullable: true,
        description: 'The HTTP status of the answer. Unset if there was none.',
      }),
      error: t.exposeString('error', {
        nullable: true,
        description: 'The reason why there was no answer.',
      }),
      durationMs: t.exposeInt('durationMs', { description: 'The duration in milliseconds.' }),
      responseType: t.string({
        nullable: true,
        description: 'The media type of the answer. Unset if there was none.',
        resolve: ({ response }) => response?.type,
      }),
      responseBody: t.string({
        nullable: true,
        description:
          'The beginning of the answer, if it is a text: at most 1,024 bytes, without what looks like a secret. The latest three attempts keep it.',
        resolve: ({ response }) => response?.body,
      }),
    }),
  });

const DeliveryRef = builder.objectRef<DeliveryDoc>('WebhookDelivery').implement({
  ...entity,
  description:
    'The delivery of one event to one webhook. It is kept for a week after its last attempt.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description: "The event's id, sent as `webhook-id` with every attempt.",
    }),
    type: t.field({
      type: WebhookEvent,
      description: 'The event.',
      resolve: ({ event }) => event.type,
    }),
    timestamp: t.field({
      type: 'DateTime',
      description: 'When the event happened.',
      resolve: ({ event }) => event.timestamp,
    }),
    status: t.expose('status', { type: DeliveryStatus, description: 'The status.' }),
    requestId: t.string({
      nullable: true,
      description:
        'The id of the request that made the change, sent as `X-Request-Id`. Unset if no request did.',
      resolve: ({ event }) => event.requestId,
    }),
    requestBody: t.string({
      description: 'The body of the requests: the same for every attempt.',
      resolve: ({ event }) => bodyOf(event),
    }),
    attempts: t.field({
      type: [DeliveryAttempt],
      description: 'The last attempts, oldest first.',
      resolve: ({ attempts }) => [...attempts],
    }),
    nextAttemptAt: t.expose('dueAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the next attempt is due. Unset unless the delivery is pending.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the delivery was recorded.',
    }),
  }),
});

const DeliveryConnection = connectionOf(DeliveryRef);

const WebhookRef = builder
  .objectRef<WebhookDoc & Partial<Pick<WebhookWithSecret, 'signingSecret'>>>('Webhook')
  .implement({
    ...entity,
    description: "An endpoint that receives the org's events, as Standard Webhooks.",
    fields: (t) => ({
      id: t.exposeID('id', { description: 'The id: minted, immutable.' }),
      url: t.expose('url', { type: 'HttpUrl', description: 'The URL of the endpoint.' }),
      events: t.field({
        type: [WebhookEvent],
        description: 'The subscribed events.',
        resolve: ({ events }) => [...events],
      }),
      active: t.exposeBoolean('active', {
        description:
          'Whether events are delivered. Events that happen while it is false are never delivered.',
      }),
      description: t.exposeString('description', {
        nullable: true,
        description: 'A human-readable description.',
      }),
      signingSecretPrefix: t.exposeString('signingSecretPrefix', {
        description: 'The first characters of the signing secret, to recognise it by.',
      }),
      signingSecret: t.exposeString('signingSecret', {
        nullable: true,
        description:
          'The signing secret. It is shown only once, by the operations that create or rotate it.',
      }),
      previousSecretExpiresAt: t.expose('previousSecretExpiresAt', {
        type: 'DateTime',
        nullable: true,
        description:
          'Until when the previous signing secret signs too. Unset if there is none that does.',
      }),
      lastDeliveryAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When an event was last sent.',
        resolve: async ({ key }, _, { loaders }) => (await loaders.webhookResult.load(key))?.at,
      }),
      lastDeliveryStatus: t.field({
        type: DeliveryResult,
        nullable: true,
        description: 'The result of the last attempt.',
        resolve: async ({ key }, _, { loaders }) => (await loaders.webhookResult.load(key))?.status,
      }),
      createdAt: t.expose('createdAt', {
        type: 'DateTime',
        description: 'When the webhook was created.',
      }),
      updatedAt: t.expose('updatedAt', {
        type: 'DateTime',
        description: 'When the webhook was last changed.',
      }),
      deliveries: t.field({
        type: DeliveryConnection,
        ...mayOnDocument('admin', 'webhooks:manage'),
        description: 'The deliveries to the webhook, newest first.',
        args: {
          ...pageArgs(t.arg),
          status: t.arg({ type: DeliveryStatus, description: 'Only deliveries with this status.' }),
        },
        resolve: ({ key }, { status, ...page }, { services, work }) =>
          services.webhooks.deliveries(work, key, page, status),
      }),
      delivery: t.field({
        type: DeliveryRef,
        ...mayOnDocument('admin', 'webhooks:manage'),
        fails: ['webhook.delivery_not_found'],
        description:
          'One delivery. Null, with an error `webhook.delivery_not_found`, if it does not exist.',
        args: { id: idArg(t.arg, "The delivery's id.") },
        resolve: ({ key }, { id }, { services, work }) => services.webhooks.delivery(work, key, id),
      }),
    }),
  });

const WebhookConnection = connectionOf(WebhookRef);

const WEBHOOK_ID = "The webhook's id.";
const URL_RULE = 'The URL of the endpoint: https.';

builder.objectFields(OrgRef, (t) => ({
  webhook: t.field({
    type: WebhookRef,
    ...mayOnOrg('admin', 'webhooks:manage'),
    fails: ['webhook.not_found'],
    description: 'One webhook. Null, with an error `webhook.not_found`, if it does not exist.',
    args: { id: idArg(t.arg, WEBHOOK_ID) },
    resolve: (org, { id }, { services, work }) => services.webhooks.get(work, org.id, id),
  }),
  webhooks: t.field({
    type: WebhookConnection,
    ...mayOnOrg('admin', 'webhooks:manage'),
    description: "The org's webhooks, newest first.",
    args: pageArgs(t.arg),
    resolve: (org, page, { services, work }) => services.webhooks.list(work, org.id, page),
  }),
}));

const CreateWebhookInput = builder.inputType('CreateWebhookInput', {
  description: 'A new webhook.',
  fields: (t) => ({
    url: t.field({ type: 'HttpUrl', required: true, description: URL_RULE }),
    events: t.field({ type: [WebhookEvent], ...LIST, description: 'The events to subscribe to.' }),
    active: t.boolean({ description: 'Whether events are delivered. True if omitted.' }),
    description: t.field({ ...TEXT.description, description: 'A human-readable description.' }),
  }),
});

const UpdateWebhookInput = builder.inputType('UpdateWebhookInput', {
  description: 'The fields of a webhook to change. `null` clears a field.',
  fields: (t) => ({
    url: t.field({ type: 'HttpUrl', clearable: false, description: URL_RULE }),
    events: t.field({ type: [WebhookEvent], ...LIST, description: 'The events to subscribe to.' }),
    active: t.boolean({
      clearable: false,
      description: 'Whether events are delivered; false pauses the webhook.',
    }),
    description: t.field({ ...TEXT.description, description: 'A human-readable description.' }),
  }),
});

builder.mutationFields((t) => {
  const org = orgArg(t.arg);
  const webhook = idArg(t.arg, WEBHOOK_ID);
  const right = mayInOrg('admin', 'webhooks:manage');
  return {
    createWebhook: t.field({
      type: WebhookRef,
      ...right,
      fails: ['org.limit_reached'],
      description: 'Creates a webhook. Only this operation shows its signing secret.',
      args: {
        org,
        input: inputArg(t.arg, CreateWebhookInput, 'The webhook.'),
      },
      resolve: (_, args, { services, work }) =>
        services.webhooks.create(work, args.org, args.input),
    }),
    updateWebhook: t.field({
      type: WebhookRef,
      ...right,
      fails: ['webhook.not_found'],
      description: 'Changes the given fields of a webhook. `null` clears a field.',
      args: {
        org,
        webhook,
        input: inputArg(t.arg, UpdateWebhookInput, 'The fields to change.'),
      },
      resolve: (_, args, { services, work }) =>
        services.webhooks.update(work, args.org, args.webhook, args.input),
    }),
    deleteWebhook: t.field({
      type: WebhookRef,
      ...right,
      fails: ['webhook.not_found'],
      description: 'Removes a webhook and its deliveries.',
      args: { org, webhook },
      resolve: (_, args, { services, work }) =>
        services.webhooks.delete(work, args.org, args.webhook),
    }),
    rotateWebhookSecret: t.field({
      type: WebhookRef,
      ...right,
      fails: ['webhook.not_found'],
      description:
        'Replaces the signing secret of a webhook and shows the new one. The old secret is invalid at once, or after the overlap.',
      args: {
        org,
        webhook,
        overlapSeconds: t.arg.int({
          minimum: 0,
          maximum: MAX_OVERLAP_SECONDS,
          description:
            'For how long every delivery is signed with the old secret too, at most 7 days. 0 if omitted.',
        }),
      },
      resolve: (_, args, { services, work }) =>
        services.webhooks.rotate(work, args.org, args.webhook, args.overlapSeconds ?? 0),
    }),
    webhookPing: t.field({
      type: DeliveryRef,
      ...right,
      fails: ['webhook.not_found', 'webhook.paused'],
      description:
        'Sends the event `webhook.ping` to a webhook, whether or not it subscribes to it.',
      args: { org, webhook },
      resolve: (_, args, { services, work }) =>
        services.webhooks.ping(work, args.org, args.webhook),
    }),
    redeliverWebhookDelivery: t.field({
      type: DeliveryRef,
      ...right,
      fails: ['webhook.not_found', 'webhook.paused', 'webhook.delivery_not_found'],
      description: 'Restarts a delivery from its first attempt, whatever its status.',
      args: {
        org,
        webhook,
        delivery: idArg(t.arg, "The delivery's id."),
      },
      resolve: (_, args, { services, work }) =>
        services.webhooks.redeliver(work, args.org, args.webhook, args.delivery),
    }),
  };
});

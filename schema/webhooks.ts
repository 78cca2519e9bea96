import { EVENT_TYPES } from '../src/domain/events.ts';
import type { DeliveryDoc, WebhookDoc } from '../src/webhooks/collection.ts';
import type { WebhookWithSecret } from '../src/webhooks/service.ts';
import { pageArgs } from './args.ts';
import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';
import { enumOf } from './enums.ts';
import { OrgRef } from './refs.ts';
import { entity, may, mayInOrg } from './rights.ts';

const WebhookEvent = enumOf(
  'WebhookEventType',
  'What happens in an org; the webhook-events catalog describes each.',
  EVENT_TYPES,
  {
    'agent.created': 'An agent was made.',
    'agent.updated': 'An agent or a part of it was changed.',
    'agent.deleted': 'An agent was removed.',
    'api_key.created': 'An API key was minted.',
    'api_key.updated': 'An API key was changed.',
    'api_key.deleted': 'An API key was revoked.',
    'channel.created': 'A channel was bound, or its request filed.',
    'channel.updated': 'A channel binding was changed.',
    'channel.deleted': 'A channel binding was removed.',
    'channel.status_changed': 'A channel binding moved to another status.',
    'org.updated': 'The org was changed.',
    'outreach_link.created': 'An outreach link was made.',
    'outreach_link.updated': 'An outreach link was changed.',
    'outreach_link.deleted': 'An outreach link was removed.',
    'person.created': 'A person was made.',
    'person.updated': 'A person was changed.',
    'person.deleted': 'A person was removed.',
    'tool.connected': 'A tool was given an OAuth grant.',
    'tool.disconnected': "A tool's OAuth grant was given up.",
    'webhook.ping': 'A webhook was asked to show that it works.',
  },
);

const DeliveryStatus = enumOf(
  'DeliveryStatus',
  'How a delivery stands.',
  ['pending', 'success', 'failure'],
  {
    pending: 'It was not delivered yet, and is tried again.',
    success: 'The receiver took it.',
    failure: 'It was given up.',
  },
);

const DeliveryResult = enumOf('DeliveryResult', 'How a try went.', ['success', 'failure'], {
  success: 'The receiver answered 2xx in time.',
  failure: 'It answered anything else, or did not.',
});

const DeliveryAttempt = builder
  .objectRef<DeliveryDoc['attempts'][number]>('WebhookDeliveryAttempt')
  .implement({
    description: 'One try of a delivery.',
    fields: (t) => ({
      at: t.expose('at', { type: 'DateTime', description: 'When it was made.' }),
      statusCode: t.exposeInt('statusCode', {
        nullable: true,
        description: 'The status of the answer, where there was one.',
      }),
      error: t.exposeString('error', {
        nullable: true,
        description: 'Why there was no answer.',
      }),
      durationMs: t.exposeInt('durationMs', { description: 'How long it took.' }),
    }),
  });

const DeliveryRef = builder.objectRef<DeliveryDoc>('WebhookDelivery').implement({
  ...entity,
  description: 'One event on its way to one webhook. Kept for a week after it has ended.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The event's id, sent as `webhook-id` with every try." }),
    type: t.field({
      type: WebhookEvent,
      description: 'What happened.',
      resolve: ({ event }) => event.type,
    }),
    timestamp: t.field({
      type: 'DateTime',
      description: 'When it happened.',
      resolve: ({ event }) => event.timestamp,
    }),
    status: t.expose('status', { type: DeliveryStatus, description: 'How it stands.' }),
    attempts: t.field({
      type: [DeliveryAttempt],
      description: 'What was tried, oldest first; the last few.',
      resolve: ({ attempts }) => [...attempts],
    }),
    nextAttemptAt: t.expose('dueAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is tried next, while it is pending.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was recorded.' }),
  }),
});

const DeliveryConnection = connectionOf(DeliveryRef);

const WebhookRef = builder
  .objectRef<WebhookDoc & Partial<Pick<WebhookWithSecret, 'signingSecret'>>>('Webhook')
  .implement({
    ...entity,
    description: 'An endpoint to which events of the org are delivered, as Standard Webhooks.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Minted, immutable.' }),
      url: t.expose('url', { type: 'HttpUrl', description: 'Where it is.' }),
      events: t.field({
        type: [WebhookEvent],
        description: 'The subscribed events; none when empty.',
        resolve: ({ events }) => [...events],
      }),
      active: t.exposeBoolean('active', {
        description:
          'Nothing is sent while it is false; what happens meanwhile is not sent later either.',
      }),
      description: t.exposeString('description', {
        nullable: true,
        description: 'What it is for, in words for people.',
      }),
      signingSecretPrefix: t.exposeString('signingSecretPrefix', {
        description: 'The first characters of its signing secret, to tell it from others.',
      }),
      signingSecret: t.exposeString('signingSecret', {
        nullable: true,
        description:
          'The signing secret itself: only in the answers to creation and rotation, and never again.',
      }),
      lastDeliveryAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When something was last sent.',
        resolve: async ({ key }, _, { loaders }) => (await loaders.webhookResult.load(key))?.at,
      }),
      lastDeliveryStatus: t.field({
        type: DeliveryResult,
        nullable: true,
        description: 'How that went.',
        resolve: async ({ key }, _, { loaders }) => (await loaders.webhookResult.load(key))?.status,
      }),
      createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
      updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
      deliveries: t.field({
        type: DeliveryConnection,
        ...may<WebhookDoc, object>('admin', 'webhooks:manage', ({ org }) => org),
        description: 'What was and is to be delivered to it, newest first.',
        args: pageArgs(t.arg),
        resolve: ({ key }, page, { services, work }) =>
          services.webhooks.deliveries(work, key, page),
      }),
    }),
  });

const WebhookConnection = connectionOf(WebhookRef);

builder.objectFields(OrgRef, (t) => ({
  webhook: t.field({
    type: WebhookRef,
    nullable: true,
    ...may<{ id: string }, object>('admin', 'webhooks:manage', (org) => org.id),
    description: 'One webhook. Null, with an error `webhook.not_found`, when there is none.',
    args: { id: t.arg.id({ required: true, description: "The webhook's id." }) },
    resolve: (org, { id }, { services, work }) => services.webhooks.get(work, org.id, id),
  }),
  webhooks: t.field({
    type: WebhookConnection,
    ...may<{ id: string }, object>('admin', 'webhooks:manage', (org) => org.id),
    description: "The org's webhooks, newest first.",
    args: pageArgs(t.arg),
    resolve: (org, page, { services, work }) => services.webhooks.list(work, org.id, page),
  }),
}));

const CreateWebhookInput = builder.inputType('CreateWebhookInput', {
  description: 'A new webhook.',
  fields: (t) => ({
    url: t.field({ type: 'HttpUrl', required: true, description: 'Where it is; https.' }),
    events: t.field({ type: [WebhookEvent], description: 'The events to subscribe to.' }),
    active: t.boolean({ description: 'Whether anything is sent; true when left out.' }),
    description: t.string({ description: 'What it is for, in words for people.' }),
  }),
});

const UpdateWebhookInput = builder.inputType('UpdateWebhookInput', {
  description: 'The fields of a webhook to change; `null` clears one.',
  fields: (t) => ({
    url: t.field({ type: 'HttpUrl', description: 'Where it is; https. Cannot be cleared.' }),
    events: t.field({ type: [WebhookEvent], description: 'The events to subscribe to.' }),
    active: t.boolean({ description: 'False pauses it. Cannot be cleared.' }),
    description: t.string({ description: 'What it is for, in words for people.' }),
  }),
});

builder.mutationFields((t) => {
  const org = t.arg.id({ required: true, description: 'The org.' });
  const webhook = t.arg.id({ required: true, description: 'The webhook.' });
  const right = mayInOrg('admin', 'webhooks:manage');
  return {
    createWebhook: t.field({
      type: WebhookRef,
      ...right,
      description: 'Registers a webhook. The answer tells its signing secret.',
      args: {
        org,
        input: t.arg({ type: CreateWebhookInput, required: true, description: 'The webhook.' }),
      },
      resolve: (_, args, { services, work }) =>
        services.webhooks.create(work, args.org, args.input),
    }),
    updateWebhook: t.field({
      type: WebhookRef,
      ...right,
      description: 'Changes the given fields of a webhook; `null` clears one.',
      args: {
        org,
        webhook,
        input: t.arg({ type: UpdateWebhookInput, required: true, description: 'What to change.' }),
      },
      resolve: (_, args, { services, work }) =>
        services.webhooks.update(work, args.org, args.webhook, args.input),
    }),
    deleteWebhook: t.field({
      type: WebhookRef,
      ...right,
      description: 'Removes a webhook. Answers with its last state.',
      args: { org, webhook },
      resolve: (_, args, { services, work }) =>
        services.webhooks.delete(work, args.org, args.webhook),
    }),
    rotateWebhookSecret: t.field({
      type: WebhookRef,
      ...right,
      description:
        'Gives a webhook another signing secret, which the answer tells; the old one is invalid at once.',
      args: { org, webhook },
      resolve: (_, args, { services, work }) =>
        services.webhooks.rotate(work, args.org, args.webhook),
    }),
    webhookPing: t.field({
      type: DeliveryRef,
      ...right,
      description: 'Sends a `webhook.ping` to a webhook, whatever it subscribes to.',
      args: { org, webhook },
      resolve: (_, args, { services, work }) =>
        services.webhooks.ping(work, args.org, args.webhook),
    }),
    redeliverWebhookDelivery: t.field({
      type: DeliveryRef,
      ...right,
      description: 'Delivers again, from the first try on, whatever came of it before.',
      args: {
        org,
        webhook,
        delivery: t.arg.id({ required: true, description: 'The delivery.' }),
      },
      resolve: (_, args, { services, work }) =>
        services.webhooks.redeliver(work, args.org, args.webhook, args.delivery),
    }),
  };
});

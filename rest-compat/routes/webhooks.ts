import { PAGING, page, type Route } from '../route.ts';

const WEBHOOK = `id url events active description signingSecretPrefix
  lastDeliveryAt lastDeliveryStatus createdAt updatedAt`;

const webhooks = '/orgs/{org}/webhooks';
const webhook = `${webhooks}/{webhookId}`;

export const webhookRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: webhooks,
    summary: "Lists the org's webhooks",
    operation: `query ($org: ID!, $first: Int, $after: String) {
      org(id: $org) { webhooks(first: $first, after: $after) ${page(`{ ${WEBHOOK} }`)} }
    }`,
    query: PAGING,
    pick: 'org.webhooks',
  },
  {
    method: 'POST',
    path: webhooks,
    summary: 'Creates a webhook',
    operation: `mutation ($org: ID!, $input: CreateWebhookInput!) {
      createWebhook(org: $org, input: $input) { ${WEBHOOK} signingSecret }
    }`,
    example: {
      url: 'https://example.com/anychat-events',
      events: ['agent.updated'],
      description: 'Ops bus',
    },
    pick: 'createWebhook',
    answers: 'WebhookWithSecret',
    alwaysSet: ['signingSecret'],
    status: 201,
  },
  {
    method: 'GET',
    path: webhook,
    summary: 'Returns a webhook',
    operation: `query ($org: ID!, $webhookId: ID!) {
      org(id: $org) { webhook(id: $webhookId) { ${WEBHOOK} } }
    }`,
    pick: 'org.webhook',
  },
  {
    method: 'PATCH',
    path: webhook,
    summary: 'Changes a webhook',
    operation: `mutation ($org: ID!, $webhookId: ID!, $input: UpdateWebhookInput!) {
      updateWebhook(org: $org, webhook: $webhookId, input: $input) { ${WEBHOOK} }
    }`,
    example: { events: ['agent.created', 'agent.updated'], active: false },
    pick: 'updateWebhook',
  },
  {
    method: 'DELETE',
    path: webhook,
    summary: 'Removes a webhook',
    operation: `mutation ($org: ID!, $webhookId: ID!) {
      deleteWebhook(org: $org, webhook: $webhookId) { id }
    }`,
    pick: 'deleteWebhook',
    status: 204,
  },
  {
    method: 'POST',
    path: `${webhook}/_rotate`,
    summary: 'Replaces the signing secret of a webhook',
    operation: `mutation ($org: ID!, $webhookId: ID!) {
      rotateWebhookSecret(org: $org, webhook: $webhookId) { ${WEBHOOK} signingSecret }
    }`,
    pick: 'rotateWebhookSecret',
    answers: 'WebhookWithSecret',
    alwaysSet: ['signingSecret'],
  },
];

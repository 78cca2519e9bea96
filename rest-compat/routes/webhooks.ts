import { PAGING, page, type Route } from '../route.ts';

const WEBHOOK = `id url events active description signingSecretPrefix previousSecretExpiresAt
  lastDeliveryAt lastDeliveryStatus createdAt updatedAt`;

const DELIVERY = `id type timestamp status requestId requestBody
  attempts { at statusCode error durationMs responseType responseBody } nextAttemptAt createdAt`;

const webhooks = '/orgs/{org}/webhooks';
const webhook = `${webhooks}/{webhookId}`;
const deliveries = `${webhook}/deliveries`;

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
    operation: `mutation ($org: ID!, $webhookId: ID!, $overlapSeconds: Int) {
      rotateWebhookSecret(org: $org, webhook: $webhookId, overlapSeconds: $overlapSeconds) {
        ${WEBHOOK} signingSecret
      }
    }`,
    bodyArguments: ['overlapSeconds'],
    example: { overlapSeconds: 86_400 },
    pick: 'rotateWebhookSecret',
    answers: 'WebhookWithSecret',
    alwaysSet: ['signingSecret'],
  },
  {
    method: 'GET',
    path: deliveries,
    summary: 'Lists the deliveries to a webhook',
    operation: `query (
      $org: ID!, $webhookId: ID!, $first: Int, $after: String, $status: DeliveryStatus
    ) {
      org(id: $org) { webhook(id: $webhookId) {
        deliveries(first: $first, after: $after, status: $status) ${page(`{ ${DELIVERY} }`)}
      } }
    }`,
    query: { ...PAGING, status: 'status' },
    pick: 'org.webhook.deliveries',
    extension: true,
  },
  {
    method: 'GET',
    path: `${deliveries}/{deliveryId}`,
    summary: 'Returns a delivery to a webhook',
    operation: `query ($org: ID!, $webhookId: ID!, $deliveryId: ID!) {
      org(id: $org) { webhook(id: $webhookId) {
        delivery(id: $deliveryId) { ${DELIVERY} }
      } }
    }`,
    pick: 'org.webhook.delivery',
    extension: true,
  },
];

import { graphql } from '../../graphql/graphql.ts';

export const WEBHOOKS = graphql(`
  query Webhooks($org: ID!, $first: Int!, $after: String) {
    org(id: $org) {
      webhooks(first: $first, after: $after) {
        nodes { id url description active events lastDeliveryAt lastDeliveryStatus }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
`);

export const WEBHOOK = graphql(`
  query Webhook(
    $org: ID!
    $webhook: ID!
    $status: DeliveryStatus
    $first: Int!
    $after: String
  ) {
    org(id: $org) {
      webhook(id: $webhook) {
        id
        url
        description
        active
        events
        signingSecretPrefix
        deliveries(status: $status, first: $first, after: $after) {
          nodes {
            id
            type
            status
            createdAt
            nextAttemptAt
            attempts { statusCode error }
          }
          pageInfo { endCursor hasNextPage }
        }
      }
    }
  }
`);

export const DELIVERY = graphql(`
  query Delivery($org: ID!, $webhook: ID!, $delivery: ID!) {
    org(id: $org) {
      webhook(id: $webhook) {
        delivery(id: $delivery) {
          id
          type
          requestBody
          requestId
          attempts { at durationMs error responseBody statusCode }
        }
      }
    }
  }
`);

export const CREATE_WEBHOOK = graphql(`
  mutation CreateWebhook($org: ID!, $input: CreateWebhookInput!) {
    createWebhook(org: $org, input: $input) { id signingSecret }
  }
`);

export const UPDATE_WEBHOOK = graphql(`
  mutation UpdateWebhook($org: ID!, $webhook: ID!, $input: UpdateWebhookInput!) {
    updateWebhook(org: $org, webhook: $webhook, input: $input) { id }
  }
`);

export const DELETE_WEBHOOK = graphql(`
  mutation DeleteWebhook($org: ID!, $webhook: ID!) {
    deleteWebhook(org: $org, webhook: $webhook) { id }
  }
`);

export const ROTATE_SECRET = graphql(`
  mutation RotateWebhookSecret($org: ID!, $webhook: ID!, $overlapSeconds: Int!) {
    rotateWebhookSecret(org: $org, webhook: $webhook, overlapSeconds: $overlapSeconds) {
      signingSecret
    }
  }
`);

export const PING = graphql(`
  mutation PingWebhook($org: ID!, $webhook: ID!) {
    webhookPing(org: $org, webhook: $webhook) { id }
  }
`);

export const REDELIVER = graphql(`
  mutation Redeliver($org: ID!, $webhook: ID!, $delivery: ID!) {
    redeliverWebhookDelivery(org: $org, webhook: $webhook, delivery: $delivery) { id }
  }
`);

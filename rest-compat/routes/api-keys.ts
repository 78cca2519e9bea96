import { PAGING, page, type Route } from '../route.ts';

const KEY = `id name description prefix role scopes expiresAt lastUsedAt
  createdBy { kind id name } createdAt updatedAt`;

const keys = '/orgs/{org}/api-keys';
const key = `${keys}/{keyId}`;

export const apiKeyRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: keys,
    summary: "Lists the org's API keys",
    operation: `query ($org: ID!, $first: Int, $after: String) {
      org(id: $org) { apiKeys(first: $first, after: $after) ${page(`{ ${KEY} }`)} }
    }`,
    query: PAGING,
    pick: 'org.apiKeys',
  },
  {
    method: 'POST',
    path: keys,
    summary: 'Creates an API key',
    operation: `mutation ($org: ID!, $input: CreateApiKeyInput!) {
      createApiKey(org: $org, input: $input) { ${KEY} key }
    }`,
    example: {
      name: 'CI deploys',
      description: 'Used by the deploy pipeline',
      scopes: ['agents:write', 'people:read'],
      expiresAt: '2099-01-01T00:00:00Z',
    },
    pick: 'createApiKey',
    answers: 'CreatedApiKey',
    alwaysSet: ['key'],
    status: 201,
  },
  {
    method: 'GET',
    path: key,
    summary: 'Returns an API key',
    operation: `query ($org: ID!, $keyId: ID!) { org(id: $org) { apiKey(id: $keyId) { ${KEY} } } }`,
    pick: 'org.apiKey',
  },
  {
    method: 'PATCH',
    path: key,
    summary: 'Changes an API key',
    operation: `mutation ($org: ID!, $keyId: ID!, $input: UpdateApiKeyInput!) {
      updateApiKey(org: $org, apiKey: $keyId, input: $input) { ${KEY} }
    }`,
    example: { name: 'CI deploys', scopes: ['agents:read'], expiresAt: null },
    pick: 'updateApiKey',
  },
  {
    method: 'DELETE',
    path: key,
    summary: 'Removes an API key',
    operation: `mutation ($org: ID!, $keyId: ID!) {
      deleteApiKey(org: $org, apiKey: $keyId) { id }
    }`,
    pick: 'deleteApiKey',
    status: 204,
  },
];

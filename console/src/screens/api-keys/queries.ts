import { graphql } from '../../graphql/graphql.ts';

export const API_KEYS = graphql(`
  query ApiKeys($org: ID!, $first: Int!, $after: String) {
    org(id: $org) {
      apiKeys(first: $first, after: $after) {
        nodes {
          id
          name
          prefix
          role
          scopes
          lastUsedAt
          expiresAt
          createdBy { kind name }
        }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
`);

export const CREATE_API_KEY = graphql(`
  mutation CreateApiKey($org: ID!, $input: CreateApiKeyInput!) {
    createApiKey(org: $org, input: $input) { name key }
  }
`);

export const DELETE_API_KEY = graphql(`
  mutation DeleteApiKey($org: ID!, $key: ID!) {
    deleteApiKey(org: $org, apiKey: $key) { id }
  }
`);

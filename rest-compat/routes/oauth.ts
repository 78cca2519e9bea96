import { agentQuery, itemMutation, type PageRoute, type Route } from '../route.ts';

const oauth = '/orgs/{org}/agents/{agent}/tools/{toolId}/oauth';

export const oauthRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: `${oauth}/start`,
    summary: 'Starts the OAuth grant of a tool',
    operation: `mutation ($org: ID!, $agent: ID!, $toolId: ID!, $input: StartToolOAuthInput) {
      startToolOAuth(org: $org, agent: $agent, id: $toolId, input: $input) { authorizationUrl }
    }`,
    example: { returnTo: 'https://yourapp.example.com/agents/acme-sdr/tools' },
    pick: 'startToolOAuth',
  },
  {
    method: 'GET',
    path: `${oauth}/status`,
    summary: 'Returns the status of the OAuth grant of a tool',
    operation: agentQuery('toolOAuth(id: $toolId) { state connectedAt lastError }', '$toolId: ID!'),
    pick: 'org.agent.toolOAuth',
    live: true,
  },
  {
    method: 'POST',
    path: `${oauth}/disconnect`,
    summary: 'Revokes the OAuth grant of a tool',
    operation: itemMutation('disconnectToolOAuth', 'state revocation', undefined, 'toolId'),
    pick: 'disconnectToolOAuth',
  },
];

export const oauthPages: readonly PageRoute[] = [
  { method: 'GET', path: '/oauth/callback', page: 'oauthCallback' },
];

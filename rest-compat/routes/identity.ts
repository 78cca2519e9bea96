import { agentMutation, agentQuery, type Route } from '../route.ts';

export const IDENTITY = `identity {
  smallLogoUrl largeBannerUrl brandColor contactEmail contactPhone websiteUrl
  privacyPolicyUrl termsOfServiceUrl contactAvailability identityPreamble
}`;

const path = '/orgs/{org}/agents/{agent}/identity';

export const identityRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    summary: "Returns the agent's identity",
    operation: agentQuery(IDENTITY),
    pick: 'org.agent.identity',
  },
  {
    method: 'PUT',
    path,
    summary: "Replaces the agent's identity",
    operation: agentMutation('replaceIdentity', IDENTITY, 'AgentIdentityInput!'),
    example: {
      brandColor: '#1a73e8',
      contactEmail: 'hello@acme.com',
      contactPhone: '+14155550132',
      websiteUrl: 'https://acme.com/',
      contactAvailability: 'Mon–Fri 9–5 PT',
      identityPreamble: "You are Acme's sales development agent.",
    },
    pick: 'replaceIdentity.identity',
  },
  {
    method: 'PATCH',
    path,
    summary: "Changes the agent's identity",
    operation: agentMutation('updateIdentity', IDENTITY, 'AgentIdentityInput!'),
    example: { contactEmail: 'sales@acme.com', largeBannerUrl: null },
    pick: 'updateIdentity.identity',
  },
];

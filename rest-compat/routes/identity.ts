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
    pick: 'replaceIdentity.identity',
  },
  {
    method: 'PATCH',
    path,
    summary: "Changes the agent's identity",
    operation: agentMutation('updateIdentity', IDENTITY, 'AgentIdentityInput!'),
    pick: 'updateIdentity.identity',
  },
];

import { agentMutation, agentQuery, type Route } from '../route.ts';

const GUARDRAILS = `guardrails {
  topicsToAvoid claimsNotToMake requiredDisclaimers additionalRules derivedFromTemplates
}`;

const path = '/orgs/{org}/agents/{agent}/guardrails';

export const guardrailRoutes: readonly Route[] = [
  { method: 'GET', path, operation: agentQuery(GUARDRAILS), pick: 'org.agent.guardrails' },
  {
    method: 'PUT',
    path,
    operation: agentMutation('replaceGuardrails', GUARDRAILS, 'GuardrailsInput!'),
    pick: 'replaceGuardrails.guardrails',
  },
  {
    method: 'PATCH',
    path,
    operation: agentMutation('updateGuardrails', GUARDRAILS, 'UpdateGuardrailsInput!'),
    pick: 'updateGuardrails.guardrails',
  },
  {
    method: 'POST',
    path: `${path}/import`,
    operation: agentMutation('importGuardrailTemplate', GUARDRAILS, 'ImportTemplateInput!'),
    pick: 'importGuardrailTemplate.guardrails',
  },
];

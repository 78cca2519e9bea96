import { agentMutation, agentQuery, type Route } from '../route.ts';

const GUARDRAILS = `guardrails {
  topicsToAvoid claimsNotToMake requiredDisclaimers additionalRules derivedFromTemplates
}`;

const path = '/orgs/{org}/agents/{agent}/guardrails';

export const guardrailRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    summary: "Returns the agent's guardrails",
    operation: agentQuery(GUARDRAILS),
    pick: 'org.agent.guardrails',
  },
  {
    method: 'PUT',
    path,
    summary: "Replaces the agent's guardrails",
    operation: agentMutation('replaceGuardrails', GUARDRAILS, 'GuardrailsInput!'),
    example: {
      topicsToAvoid: ['competitor pricing'],
      claimsNotToMake: ['any guarantees about renewal terms'],
    },
    pick: 'replaceGuardrails.guardrails',
  },
  {
    method: 'PATCH',
    path,
    summary: "Changes the agent's guardrails",
    operation: agentMutation('updateGuardrails', GUARDRAILS, 'UpdateGuardrailsInput!'),
    example: {
      topicsToAvoid: { add: ['competitor pricing'], remove: ['Religion and religious disputes'] },
      requiredDisclaimers: ['You are talking to an automated assistant.'],
    },
    pick: 'updateGuardrails.guardrails',
  },
  {
    method: 'POST',
    path: `${path}/import`,
    summary: 'Imports a guardrail template',
    operation: agentMutation('importGuardrailTemplate', GUARDRAILS, 'ImportTemplateInput!'),
    example: { templateId: '@anychat/guardrail-template.general-business' },
    pick: 'importGuardrailTemplate.guardrails',
  },
];

import { plannedMutation, planOf, type Route } from '../route.ts';
import { AGENT } from './agents.ts';

export const applyTemplateRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/orgs/{org}/agents/{agent}/apply-template',
    summary: 'Applies an agent template',
    operation: plannedMutation(
      'applyAgentTemplate',
      `agent { ${AGENT} } appliedFrom { templateId templateName } applied skipped addedToolBindings`,
      'ImportTemplateInput!',
    ),
    query: { plan: 'plan' },
    plan: planOf('planTemplate', 'templateId: $templateId', '$templateId: ID!'),
    example: { templateId: '@anychat/agent-template.sales-development' },
    pick: 'applyAgentTemplate',
  },
];

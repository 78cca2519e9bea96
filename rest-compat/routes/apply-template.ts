import { itemMutation, type Route } from '../route.ts';
import { AGENT } from './agents.ts';

export const applyTemplateRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/orgs/{org}/agents/{agent}/apply-template',
    summary: 'Applies an agent template',
    operation: itemMutation(
      'applyAgentTemplate',
      `agent { ${AGENT} } appliedFrom { templateId templateName } applied skipped addedToolBindings`,
      'ImportTemplateInput!',
    ),
    example: { templateId: '@anychat/agent-template.sales-development' },
    pick: 'applyAgentTemplate',
  },
];

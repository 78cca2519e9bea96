import { agentQuery, itemMutation, type Route } from '../route.ts';
import { AGENT } from './agents.ts';

const agent = '/orgs/{org}/agents/{agent}';

export const definitionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${agent}/export`,
    summary: 'Exports the agent as a definition',
    operation: agentQuery('export(format: $format)', '$format: ExportFormat'),
    query: { format: 'format' },
    formats: { variable: 'format', types: { YAML: 'application/yaml', JSON: 'application/json' } },
    pick: 'org.agent.export',
  },
  {
    method: 'POST',
    path: `${agent}/import`,
    summary: 'Imports a definition into the agent',
    operation: itemMutation(
      'importAgentDefinition',
      `agent { ${AGENT} } applied`,
      'AgentDefinitionInput!',
    ),
    takesYaml: true,
    pick: 'importAgentDefinition',
  },
];

import { agentQuery, planOf, type Route } from '../route.ts';
import { AGENT } from './agents.ts';

const agent = '/orgs/{org}/agents/{agent}';

export const definitionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${agent}/export`,
    summary: 'Exports the agent as a definition',
    operation: agentQuery('export(format: $format)', '$format: ExportFormat'),
    query: { format: 'format' },
    formats: {
      variable: 'format',
      types: { YAML: 'application/yaml', JSON: 'application/json' },
      acceptedBy: 'AgentDefinitionInput',
    },
    pick: 'org.agent.export',
  },
  {
    method: 'POST',
    path: `${agent}/import`,
    summary: 'Imports a definition into the agent',
    operation: `mutation (
      $org: ID!, $agent: ID!, $expectedVersion: Int, $document: String!, $base: Int,
      $onConflict: OnConflict, $plan: String
    ) {
      importAgent(
        org: $org, agent: $agent, expectedVersion: $expectedVersion, document: $document,
        base: $base, onConflict: $onConflict, plan: $plan
      ) { _agent: agent { _version: version } agent { ${AGENT} } applied }
    }`,
    query: { base: 'base', onConflict: 'onConflict', plan: 'plan' },
    plan: planOf(
      'planImport',
      'document: $document, base: $base, onConflict: $onConflict',
      '$document: String!, $base: Int, $onConflict: OnConflict',
    ),
    takesDefinition: true,
    example: {
      identity: { brandColor: '#1a73e8' },
      personality: { text: 'You are warm and brief.' },
      objectives: [
        { id: 'qualify-leads', name: 'Qualify leads', body: 'Find out what the person needs.' },
      ],
      toolBindings: [
        { toolId: '@anychat/tool.google-calendar', config: { calendarId: 'primary' } },
      ],
    },
    pick: 'importAgent',
  },
];

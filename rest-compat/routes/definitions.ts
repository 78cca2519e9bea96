import {
  agentQuery,
  orgPlanOf,
  planOf,
  type Route,
  VERSION_ARG,
  VERSION_VARIABLE,
} from '../route.ts';
import { AGENT } from './agents.ts';

const agent = '/orgs/{org}/agents/{agent}';

const IMPORT_ARGS = 'document: $document, base: $base, onConflict: $onConflict';
const IMPORT_VARIABLES = '$document: String!, $base: Int, $onConflict: OnConflict';

const DEFINITION = {
  identity: { brandColor: '#1a73e8' },
  personality: { text: 'You are warm and brief.' },
  objectives: [
    { id: 'qualify-leads', name: 'Qualify leads', body: 'Find out what the person needs.' },
  ],
  toolBindings: [{ toolId: '@anychat/tool.google-calendar', config: { calendarId: 'primary' } }],
};

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
      $org: ID!, $agent: ID!, $expectedVersion: Int, ${IMPORT_VARIABLES}, $plan: String
    ) {
      importAgent(
        org: $org, agent: $agent, expectedVersion: $expectedVersion, ${IMPORT_ARGS}, plan: $plan
      ) { _agent: agent { _version: version } agent { ${AGENT} } applied }
    }`,
    query: { base: 'base', onConflict: 'onConflict', plan: 'plan' },
    plan: planOf('planImport', IMPORT_ARGS, IMPORT_VARIABLES),
    takesDefinition: 'definition',
    example: DEFINITION,
    pick: 'importAgent',
  },
  {
    method: 'POST',
    path: '/orgs/{org}/agents/import',
    summary: 'Imports a document: creates or changes the agent that it names',
    operation: `mutation ($org: ID!, $expectedVersion: Int, ${IMPORT_VARIABLES}, $plan: String) {
      importAgentDocument(
        org: $org, expectedVersion: $expectedVersion, ${IMPORT_ARGS}, plan: $plan
      ) { _agent: agent { _version: version } agent { ${AGENT} } created applied }
    }`,
    query: { base: 'base', onConflict: 'onConflict', plan: 'plan' },
    plan: orgPlanOf(
      'planImport',
      `${VERSION_ARG}, ${IMPORT_ARGS}`,
      `${VERSION_VARIABLE}, ${IMPORT_VARIABLES}`,
    ),
    takesDefinition: 'document',
    example: {
      agent: { id: 'acme-sales', name: 'Acme Sales Bot', description: 'Answers questions.' },
      ...DEFINITION,
    },
    pick: 'importAgentDocument',
    extension: true,
  },
];

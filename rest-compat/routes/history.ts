import { agentQuery, PAGING, page, planOf, type Route } from '../route.ts';
import { AGENT } from './agents.ts';

const history = '/orgs/{org}/agents/{agent}/history';
const version = `${history}/{version}`;

const VERSION = `version at actor { kind id name } door requestId message sections restoredFrom
  current`;

export const historyRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: history,
    summary: "Lists the agent's versions",
    operation: agentQuery(
      `history(first: $first, after: $after, section: $section, actor: $actor, start: $start, end: $end)
        ${page(`{ ${VERSION} }`)}`,
      '$first: Int, $after: String, $section: HistorySection, $actor: ID, $start: Instant, $end: Instant',
    ),
    query: { ...PAGING, section: 'section', actor: 'actor', start: 'start', end: 'end' },
    pick: 'org.agent.history',
    // Old versions are removed without a new one.
    live: true,
    extension: true,
  },
  {
    method: 'GET',
    path: version,
    summary: 'Returns a version of the agent',
    operation: agentQuery(
      `agentVersion: atVersion(version: $version) { ${VERSION} }`,
      '$version: Int!',
    ),
    pick: 'org.agent.agentVersion',
    extension: true,
  },
  {
    method: 'GET',
    path: `${version}/export`,
    summary: 'Exports the agent as it was at a version',
    operation: agentQuery(
      'agentVersion: atVersion(version: $version) { definition(format: $format) }',
      '$version: Int!, $format: ExportFormat',
    ),
    query: { format: 'format' },
    formats: {
      variable: 'format',
      types: { YAML: 'application/yaml', JSON: 'application/json' },
      acceptedBy: 'AgentDefinitionInput',
    },
    pick: 'org.agent.agentVersion.definition',
    extension: true,
  },
  {
    method: 'GET',
    path: `${version}/changes`,
    summary: 'Compares a version of the agent with another one',
    operation: agentQuery(
      `agentVersionChanges: atVersion(version: $version) {
        data: changes(against: $against) { section itemId path kind before after }
      }`,
      '$version: Int!, $against: Int',
    ),
    query: { against: 'against' },
    pick: 'org.agent.agentVersionChanges',
    answers: 'AgentVersionChanges',
    extension: true,
  },
  {
    method: 'POST',
    path: `${version}/_restore`,
    summary: 'Restores a version of the agent, as a new version',
    operation: `mutation (
      $org: ID!, $agent: ID!, $version: Int!, $expectedVersion: Int,
      $sections: [ChangedSection!], $message: NonBlank, $plan: String
    ) {
      restoreAgent(
        org: $org, agent: $agent, version: $version, expectedVersion: $expectedVersion,
        sections: $sections, message: $message, plan: $plan
      ) { _agent: agent { _version: version } agent { ${AGENT} } restored }
    }`,
    query: { plan: 'plan' },
    plan: planOf(
      'planRestore',
      'version: $version, sections: $sections',
      '$version: Int!, $sections: [ChangedSection!]',
    ),
    bodyArguments: ['sections', 'message'],
    example: { sections: ['personality'], message: 'Back to the voice of last week' },
    pick: 'restoreAgent',
    extension: true,
  },
];

import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { AGENT } from '../rest-compat/routes/agents.ts';
import { allFieldsOfAgent } from './all-fields.ts';
import { CLIENTS, type LoadRequest } from './load/job.ts';
import type { BareWay } from './peers/bare.ts';

export const ORG = 'acme';
/** Agents that are changed, and read for the first time at their new version. */
export const AGENTS = 200;
/** The agent that never changes. */
export const STILL = 'still';

export function agentId(n: number): string {
  return `agent-${n % AGENTS}`;
}

/** The rows of the table, in its order. */
export const ROW_IDS = [
  'export-json',
  'export-yaml',
  'graphql-whole',
  'rest-small',
  'graphql-small',
  'not-modified',
  'list-rest',
  'list-graphql',
  'write',
] as const;
export type RowId = (typeof ROW_IDS)[number];

/** A kind of request, on each of the servers. */
export interface Row {
  readonly title: string;
  /**
   * @param agent its id
   * @param n counts a row's requests: no two writes send the same
   */
  request(agent: string, n: number): LoadRequest;
  readonly bare: BareWay;
  /** The path on the fastify server. It has no GraphQL and no YAML: there the same content as JSON. */
  fastify(agent: string): string;
  /** Whether the first read of each version is measured, too. */
  readonly first: boolean;
  /** Requests at once, on each of the servers. */
  readonly clients: number;
  /** The most that a request may cost, as a ratio to the bare server. */
  readonly targets: { readonly repeated: number; readonly first?: number };
}

/** What a caller has to know for its requests. */
export interface Caller {
  readonly token: string;
  /** The entity tag of the agent that never changes. */
  readonly etag: string;
}

export function rowsFor({ token, etag }: Caller): Readonly<Record<RowId, Row>> {
  const authorization = { authorization: `Bearer ${token}` };
  const json = { ...authorization, 'content-type': 'application/json' };
  const agentPath = (agent: string) => `/v1/orgs/${ORG}/agents/${agent}`;
  const get = (path: string, headers: Readonly<Record<string, string>> = {}, status = 200) =>
    ({ method: 'GET', path, headers: { ...authorization, ...headers }, status }) as const;
  const graphql = (query: string, variables: object) => {
    const body = JSON.stringify({ query, variables: { org: ORG, ...variables } });
    return { method: 'POST', path: '/graphql', headers: json, body, status: 200 } as const;
  };
  const ofAgent = (selection: string) => (agent: string) =>
    graphql(`query ($org: ID!, $agent: ID!) { org(id: $org) { agent(id: $agent) ${selection} } }`, {
      agent,
    });
  const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));

  return {
    'export-json': {
      title: 'whole agent, REST JSON',
      request: (agent) => get(`${agentPath(agent)}/export?format=json`),
      bare: 'stringify',
      fastify: (agent) => `/agents/${agent}/export`,
      first: true,
      clients: CLIENTS,
      targets: { repeated: 0.4, first: 2 },
    },
    'export-yaml': {
      title: 'whole agent, REST YAML',
      request: (agent) => get(`${agentPath(agent)}/export`),
      bare: 'stringify',
      fastify: (agent) => `/agents/${agent}/export`,
      first: true,
      // The server refuses a caller's ninth YAML document that waits to be written.
      clients: 8,
      targets: { repeated: 0.4, first: 8 },
    },
    'graphql-whole': {
      title: 'whole agent, GraphQL, all fields',
      request: ofAgent(allFieldsOfAgent(schema)),
      bare: 'stringify',
      fastify: (agent) => `/agents/${agent}/export`,
      first: true,
      clients: CLIENTS,
      targets: { repeated: 0.8, first: 3 },
    },
    'rest-small': {
      title: 'small read, REST',
      request: (agent) => get(agentPath(agent)),
      bare: 'stringify',
      fastify: (agent) => `/agents/${agent}`,
      first: true,
      clients: CLIENTS,
      targets: { repeated: 2.2, first: 6 },
    },
    'graphql-small': {
      title: 'small read, GraphQL',
      request: ofAgent(`{ ${AGENT} }`),
      bare: 'stringify',
      fastify: (agent) => `/agents/${agent}`,
      first: true,
      clients: CLIENTS,
      targets: { repeated: 4, first: 9 },
    },
    'not-modified': {
      title: '304',
      request: () => get(agentPath(STILL), { 'if-none-match': etag }, 304),
      bare: 'not-modified',
      fastify: (agent) => `/agents/${agent}`,
      first: false,
      clients: CLIENTS,
      targets: { repeated: 2 },
    },
    'list-rest': {
      title: 'list of 50 agents, REST',
      request: () => get(`/v1/orgs/${ORG}/agents?limit=50`),
      bare: 'stringify',
      fastify: () => '/agents',
      first: false,
      clients: CLIENTS,
      targets: { repeated: 15 },
    },
    'list-graphql': {
      title: 'list of 50 agents, GraphQL, names',
      request: () =>
        graphql(
          'query ($org: ID!) { org(id: $org) { agents(first: 50) { nodes { id name } } } }',
          {},
        ),
      bare: 'stringify',
      fastify: () => '/names',
      first: false,
      clients: CLIENTS,
      targets: { repeated: 15 },
    },
    write: {
      title: 'write (PATCH identity, durable)',
      request: (agent, n) => ({
        method: 'PATCH',
        path: `${agentPath(agent)}/identity`,
        headers: json,
        body: JSON.stringify({ brandColor: colorOf(n) }),
        status: 200,
      }),
      bare: 'write',
      fastify: (agent) => `/agents/${agent}/identity`,
      first: false,
      clients: CLIENTS,
      targets: { repeated: 14 },
    },
  };
}

/** A color that none of the 16 million before it was. */
function colorOf(n: number): string {
  return `#${(n % 0x1000000).toString(16).padStart(6, '0')}`;
}

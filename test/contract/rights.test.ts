import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../rest-compat/routes/index.ts';
import { buildSchema } from '../../schema/index.ts';
import { mintApiKey } from '../../src/api-keys/token.ts';
import { systemEffects } from '../../src/server/effects.ts';
import type { Answer } from '../kit/client.ts';
import { Client } from '../kit/client.ts';
import { sampleVariables } from '../kit/samples.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';
import { type Documented, documented, operationName } from './documented.ts';

const schema = buildSchema();
const operations = new Map(routes.map((row) => [operationName(row), row.operation]));

const ROLES = ['viewer', 'editor', 'admin', 'owner'] as const;
const RANKS: readonly string[] = ROLES;
const SCOPES = [
  'agents:read',
  'agents:write',
  'people:read',
  'people:write',
  'knowledge:read',
  'messages:read',
  'catalogs:read',
  'templates:apply',
  'webhooks:manage',
  'org:admin',
] as const;
const IMPLIED: Readonly<Record<string, string>> = {
  'agents:write': 'agents:read',
  'people:write': 'people:read',
};
/** Neither JSON nor YAML: a caller without the right is refused before the body is read. */
const BROKEN = '{"name": [';

interface Caller {
  readonly name: string;
  readonly client: Client;
  /** The answer of every operation, or the rights held if the answer depends on the operation. */
  readonly verdict:
    | 'unauthenticated'
    | 'foreign'
    | { readonly role: string; readonly scope?: string };
}

let server: TestServer;
let agent: string;
const callers: Caller[] = [];

beforeAll(async () => {
  server = await startTestServer();
  const { apiKeys, orgs } = server.services;
  await orgs.ensure(WORK, 'other', 'Other');
  agent = await server.owner.createAgent();
  const mint = async (
    org: string,
    role: (typeof ROLES)[number],
    scopes: (typeof SCOPES)[number][],
    expiresAt?: string,
  ) => {
    const content = { name: 'K', role, scopes, ...(expiresAt && { expiresAt }) };
    const { secret } = await apiKeys.mint(WORK, org, content);
    return new Client(server.url, secret);
  };
  const all = [...SCOPES];
  const unauthenticated = (name: string, token?: string): Caller => ({
    name,
    client: new Client(server.url, token),
    verdict: 'unauthenticated',
  });
  const expired = await mint('acme', 'owner', all, '2020-01-01T00:00:00.000Z');
  const unknown = mintApiKey(systemEffects().random);
  callers.push(
    unauthenticated('no token'),
    unauthenticated('a token that is not a key', 'letmein'),
    unauthenticated('a key that was never minted', unknown),
    unauthenticated('a key with a bad checksum', `${unknown.slice(0, -1)}_`),
    unauthenticated('an expired key', expired.token),
    { name: 'a foreign org', client: await mint('other', 'owner', all), verdict: 'foreign' },
    {
      name: 'an owner key without scopes',
      client: await mint('acme', 'owner', []),
      verdict: { role: 'owner', scope: '' },
    },
    {
      name: 'a viewer key without scopes',
      client: await mint('acme', 'viewer', []),
      verdict: { role: 'viewer', scope: '' },
    },
  );
  for (const role of ROLES) {
    callers.push({ name: role, client: await mint('acme', role, all), verdict: { role } });
  }
  for (const scope of SCOPES) {
    const client = await mint('acme', 'owner', [scope]);
    callers.push({ name: scope, client, verdict: { role: 'owner', scope } });
  }
});
afterAll(() => server.stop());

/** The answer that the reference gives this caller; `allowed` when the rights suffice. */
function expected({ verdict }: Caller, { role, scope, path }: Documented): string {
  if (verdict === 'unauthenticated') return 'auth.unauthenticated';
  const inOrg = path.includes('{org}');
  if (verdict === 'foreign') return inOrg ? 'org.not_found' : 'allowed';
  if (role !== null && RANKS.indexOf(verdict.role) < RANKS.indexOf(role))
    return 'auth.role_insufficient';
  const held = verdict.scope;
  const sufficient =
    scope === null ||
    scope === 'catalogs:read' ||
    held === undefined ||
    held === scope ||
    IMPLIED[held] === scope;
  return sufficient ? 'allowed' : 'auth.scope_missing';
}

const REFUSALS: Readonly<Record<string, number>> = {
  'auth.unauthenticated': 401,
  'org.not_found': 404,
  'auth.role_insufficient': 403,
  'auth.scope_missing': 403,
};

function outcome(status: number | undefined, code: unknown): string {
  const refused = typeof code === 'string' && code in REFUSALS;
  if (!refused) return status === 401 || status === 403 ? `${status} ${code}` : 'allowed';
  return status === undefined || status === REFUSALS[code] ? code : `${status} ${code}`;
}

/** Reads use an existing agent, so that every field is resolved. */
function agentFor({ method }: Documented): string {
  return method === 'GET' ? agent : 'none';
}

function overRest(row: Documented, { client }: Caller, allowed: boolean): Promise<Answer> {
  const path = row.path
    .replace('{org}', 'acme')
    .replace('{agent}', agentFor(row))
    .replace(/\{\w+\}/g, 'none');
  const body =
    row.method === 'GET' || row.method === 'DELETE' ? undefined : allowed ? '{}' : BROKEN;
  return client.request(
    row.method,
    `/v1${path}`,
    body,
    body ? { 'Content-Type': 'application/json' } : {},
  );
}

async function overGraphQL(row: Documented, { client }: Caller): Promise<string> {
  const operation = operations.get(operationName(row)) ?? '';
  const variables = { ...sampleVariables(schema, operation), org: 'acme', agent: agentFor(row) };
  const named = Object.fromEntries(
    Object.entries(variables).filter(([name]) => operation.includes(`$${name}:`)),
  );
  const { errors } = await client.graphql(operation, named);
  return outcome(undefined, errors?.[0]?.extensions.code);
}

const served = documented.filter((row) => !row.public && operations.has(operationName(row)));

it('serves every documented operation', () => {
  const missing = documented
    .filter((row) => !row.public)
    .filter((row) => !operations.has(operationName(row)))
    .map(({ method, path }) => `${method} ${path}`);
  expect(missing).toEqual([]);
});

describe.each(served)('$method $path', (row) => {
  it('answers each caller as documented over REST, before it reads the body', async () => {
    const outcomes = await Promise.all(
      callers.map(async (caller) => {
        const wanted = expected(caller, row);
        const { status, body } = await overRest(row, caller, wanted === 'allowed');
        const got = outcome(status, body.code);
        if (got === 'auth.scope_missing') expect(body.message).toContain(row.scope);
        return { caller: caller.name, wanted, got };
      }),
    );
    expect(outcomes.map(({ caller, got }) => ({ caller, got }))).toEqual(
      outcomes.map(({ caller, wanted }) => ({ caller, got: wanted })),
    );
  });

  it('answers each caller as documented over GraphQL', async () => {
    const outcomes = await Promise.all(
      callers.map(async (caller) => ({
        caller: caller.name,
        wanted: expected(caller, row),
        got: await overGraphQL(row, caller),
      })),
    );
    expect(outcomes.map(({ caller, got }) => ({ caller, got }))).toEqual(
      outcomes.map(({ caller, wanted }) => ({ caller, got: wanted })),
    );
  });
});

it('gives the same answer for a foreign org and for one that does not exist', async () => {
  const { client } = callers.find(({ verdict }) => verdict === 'foreign') ?? {};
  if (!client) throw new Error('no caller is of a foreign org');
  const answerAt = async (org: string) => {
    const { status, body } = await client.get(`/orgs/${org}/agents`);
    const { requestId, ...rest } = body;
    return JSON.stringify({ status, ...rest }).replaceAll(org, 'ORG');
  };
  expect(await answerAt('acme')).toBe(await answerAt('nowhere'));
});

it('does not reveal to a token without scopes whether an agent exists', async () => {
  const { client } = callers.find(({ name }) => name === 'an owner key without scopes') ?? {};
  if (!client) throw new Error('no caller is without scopes');
  const answerFor = async (id: string, selection: string) => {
    const query = `query ($id: ID!) { org(id: "acme") { ${selection} } }`;
    return JSON.stringify(await client.graphql(query, { id })).replaceAll(id, 'ID');
  };
  for (const selection of [
    'activity(agent: $id) { id }',
    'activity(agent: $id) { people { nodes { id } } }',
    'agent(id: $id) { id }',
  ]) {
    const existing = await answerFor(agent, selection);
    expect(existing).toContain('auth.scope_missing');
    expect(existing).toBe(await answerFor('none', selection));
  }
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client, GraphQLAnswer } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

/** A document is compiled once it repeats: its answers must not change by that. */
const TIMES = 6;

let server: TestServer;
let reader: Client;

beforeAll(async () => {
  server = await startTestServer();
  reader = await server.as('viewer', ['agents:read']);
  await server.owner.createAgent({ id: 'one', name: 'One' });
});
afterAll(() => server.stop());

const refusals = ({ errors = [] }: GraphQLAnswer) =>
  errors.map(({ path = [], extensions }) => [path.join('.'), extensions.code]).sort();

/** The answer as text, in which the order of fields shows. It must be the same each time. */
async function answered(client: Client, query: string): Promise<GraphQLAnswer> {
  const first = await client.graphql(query);
  for (let i = 1; i < TIMES; i += 1) {
    const next = await client.graphql(query);
    expect(JSON.stringify(next.data)).toBe(JSON.stringify(first.data));
    expect(refusals(next)).toEqual(refusals(first));
    // The document is compiled between two requests.
    await new Promise((done) => setTimeout(done, 20));
  }
  return first;
}

describe('a denied or failed field of a query', () => {
  const query = `{
    org(id: "acme") {
      name
      apiKeys { nodes { id } }
      members { nodes { id } }
      webhooks { nodes { id } }
      none: agent(id: "none") { id }
      agent(id: "one") {
        people { nodes { id } }
        id
        messages { nodes { text } }
        none: objective(id: "none") { id }
        name
      }
      agents { nodes { name id } }
      id
    }
    foreign: org(id: "other") { name }
    viewer { kind }
  }`;

  it('is null and costs no other field; the fields are in the order of the query', async () => {
    const answer = await answered(reader, query);
    expect(JSON.stringify(answer.data)).toBe(
      JSON.stringify({
        org: {
          name: 'Acme',
          apiKeys: null,
          members: null,
          webhooks: null,
          none: null,
          agent: { people: null, id: 'one', messages: null, none: null, name: 'One' },
          agents: { nodes: [{ name: 'One', id: 'one' }] },
          id: 'acme',
        },
        foreign: null,
        viewer: { kind: 'API_KEY' },
      }),
    );
    expect(refusals(answer)).toEqual([
      ['foreign', 'org.not_found'],
      ['org.agent.messages', 'auth.scope_missing'],
      ['org.agent.none', 'objective.not_found'],
      ['org.agent.people', 'auth.scope_missing'],
      ['org.apiKeys', 'auth.role_insufficient'],
      ['org.members', 'auth.role_insufficient'],
      ['org.none', 'agent.not_found'],
      ['org.webhooks', 'auth.role_insufficient'],
    ]);
  });

  it('is null if its page token is bad', async () => {
    const answer = await answered(
      reader,
      '{ org(id: "acme") { agents(after: "soup") { nodes { id } } id } }',
    );
    expect(answer.data).toEqual({ org: { agents: null, id: 'acme' } });
    expect(refusals(answer)).toEqual([['org.agents', 'request.page_token']]);
  });

  it('keeps the order where directives include and skip fields', async () => {
    const { org } = await server.owner.query(
      'query ($no: Boolean!) { org(id: "acme") { agents { nodes { id } } name @skip(if: $no) ...F id } } fragment F on Org { apiKeys { nodes { scopes } } timeZone @include(if: $no) version }',
      { no: false },
    );
    expect(Object.keys(org as object)).toEqual(['agents', 'name', 'apiKeys', 'version', 'id']);
  });
});

it('a failed mutation hides neither those before it nor those after it', async () => {
  for (let i = 0; i < TIMES; i += 1) {
    const answer = await server.owner.graphql(
      `mutation ($first: Slug!, $last: Slug!) {
        first: createAgent(org: "acme", input: { id: $first, name: "First" }) { id }
        taken: createAgent(org: "acme", input: { id: $first, name: "Again" }) { id }
        none: deleteAgent(org: "acme", agent: "none") { id }
        last: createAgent(org: "acme", input: { id: $last, name: "Last" }) { name id }
      }`,
      { first: `first-${i}`, last: `last-${i}` },
    );
    expect(JSON.stringify(answer.data)).toBe(
      JSON.stringify({
        first: { id: `first-${i}` },
        taken: null,
        none: null,
        last: { name: 'Last', id: `last-${i}` },
      }),
    );
    expect(refusals(answer)).toEqual([
      ['none', 'agent.not_found'],
      ['taken', 'agent.id_taken'],
    ]);
  }
});

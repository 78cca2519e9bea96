import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

type Fetch = NonNullable<Parameters<typeof serverAudits>[0]['fetchFn']>;

/** Every audit, by a caller with a token or without. */
function audits(token: () => string | undefined): ReturnType<typeof serverAudits> {
  const fetchFn: Fetch = (url: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    const bearer = token();
    if (bearer !== undefined) headers.set('Authorization', `Bearer ${bearer}`);
    return fetch(url, { ...init, headers });
  };
  return serverAudits({ url: () => `${server.url}/graphql`, fetchFn });
}

describe.each([
  ['with a token', (): string | undefined => server.owner.token],
  ['without a token', (): string | undefined => undefined],
] as const)('GraphQL over HTTP, %s', (_, token: () => string | undefined) => {
  const all = audits(token);

  it('has 61 audits', () => {
    expect(all).toHaveLength(61);
  });

  it.each(all.map((audit) => [audit.id, audit.name, audit] as const))(
    '%s %s',
    async (..._audit) => {
      const result = await _audit[2].fn();
      expect({ ...result, response: undefined }).toMatchObject({ status: 'ok' });
    },
  );
});

interface Refused {
  readonly errors: readonly [{ readonly extensions: { code: string; statusCode: number } }];
}

describe('a request that the caller got wrong', () => {
  const get = (client: Client, query: string, headers = {}) =>
    client.request('GET', `/graphql?${query}`, undefined, headers);
  const post = (client: Client, headers: Record<string, string>) =>
    client.request('POST', '/graphql', { query: '{ __typename }' }, headers);
  const subscription = 'subscription{messageArrived(org:"acme",agent:"a"){cursor}}';

  it.each([
    [
      'variables that are not JSON',
      'query={__typename}&variables=zz',
      {},
      400,
      'request.malformed',
    ],
    ['extensions that are a list', 'query={__typename}&extensions=[]', {}, 400, 'request.invalid'],
    ['a list as variables', 'query={__typename}&variables=[]', {}, 400, 'request.invalid'],
    ['no query', '', {}, 400, 'request.invalid'],
    ['a mutation', 'query=mutation{__typename}', {}, 405, 'route.method_not_allowed'],
    [
      'a mutation, as a stream',
      'query=mutation{__typename}',
      { Accept: 'text/event-stream' },
      405,
      'route.method_not_allowed',
    ],
    ['an image', 'query={__typename}', { Accept: 'image/png' }, 406, 'request.not_acceptable'],
    ['a subscription as JSON', `query=${subscription}`, {}, 406, 'request.not_acceptable'],
  ])('by GET, %s, gets a code of its own', async (_, query, headers, status, code) => {
    for (const client of [server.owner, server.anonymous]) {
      const answer = await get(client, query, headers);
      const { errors } = answer.body as unknown as Refused;
      expect({ status: answer.status, ...errors[0].extensions }).toMatchObject({
        status,
        code,
        statusCode: status,
      });
      expect(errors).toHaveLength(1);
      if (status === 405) expect(answer.headers.get('allow')).toBe('POST');
    }
  });

  it('by POST, as an image, gets a code', async () => {
    const answer = await post(server.owner, { Accept: 'image/png' });
    expect(answer.status).toBe(406);
    expect(answer.body).toMatchObject({
      errors: [{ extensions: { code: 'request.not_acceptable' } }],
    });
  });

  it('by another method, is refused with those that are accepted', async () => {
    const answer = await server.owner.request('DELETE', '/graphql');
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
  });
});

it.each([
  '{ then: viewer { then: id } }',
  '{ viewer { id: kind then: id } org(id: "acme") { then: name } }',
  '{ then: __typename }',
])('an alias named then works by both methods: %s', async (query) => {
  const data = await server.owner.query(query);
  const byGet = await server.owner.request('GET', `/graphql?query=${encodeURIComponent(query)}`);
  expect(byGet.status).toBe(200);
  expect(byGet.body).toEqual({ data });
});

it('a query by GET is answered like one by POST', async () => {
  const query = '{ org(id: "acme") { name } }';
  const data = await server.owner.query(query);
  const at = `/graphql?query=${encodeURIComponent(query)}`;
  for (let time = 0; time < 3; time += 1) {
    expect((await server.owner.request('GET', at)).body).toEqual({ data });
  }
  expect((await new Client(server.url).request('GET', at)).body).toMatchObject({
    errors: [{ extensions: { code: 'auth.unauthenticated' } }],
  });
});

it('an accepted stream does not keep a query from being answered as a whole', async () => {
  const accept = 'application/graphql-response+json, application/json, text/event-stream';
  const answer = await server.owner.request(
    'POST',
    '/graphql',
    { query: '{ org(id: "acme") { name } }' },
    { Accept: accept },
  );
  expect(answer.headers.get('content-type')).toContain('application/graphql-response+json');
  expect(answer.body).toHaveProperty('data.org.name');
});

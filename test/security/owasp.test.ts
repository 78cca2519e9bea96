import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client, expectRefusal, type GraphQLAnswer } from '../kit/client.ts';
import { startOAuthBench } from '../kit/oauth.ts';
import { startReceiver } from '../kit/receiver.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

/*
 * The OWASP API Security Top 10 of 2023, one block for each risk: what an attacker would try, on
 * both doors, and what happens. The finer cases have tests of their own, which SECURITY.md lists.
 */

let server: TestServer;
let agent: string;
let person: string;
/** An admin of another org. */
let stranger: Client;

beforeAll(async () => {
  server = await startTestServer();
  agent = await server.owner.createAgent({ id: 'sales', name: 'Sales' });
  const created = await server.owner.post(`/orgs/acme/agents/${agent}/people`, {
    firstName: 'Ann',
    email: 'ann@example.com',
  });
  person = String(created.body.id);
  await server.services.orgs.ensure(WORK, 'other', 'Other');
  const { secret } = await server.services.apiKeys.mint(WORK, 'other', {
    name: 'stranger',
    role: 'admin',
    scopes: ['agents:read', 'agents:write', 'people:read', 'people:write', 'org:admin'],
  });
  stranger = new Client(server.url, secret);
});
afterAll(() => server.stop());

const codesOf = ({ errors = [] }: GraphQLAnswer) => errors.map(({ extensions }) => extensions.code);

describe('API1: broken object level authorization', () => {
  it.each([
    ['GET', '/orgs/acme/agents/sales'],
    ['GET', '/orgs/acme/agents/sales/export'],
    ['GET', '/orgs/acme/agents/sales/people/PERSON'],
    ['PATCH', '/orgs/acme/agents/sales'],
    ['DELETE', '/orgs/acme/agents/sales'],
  ])('hides %s %s from another org', async (method, path) => {
    const body = method === 'PATCH' ? { name: 'Mine' } : undefined;
    const asked = `/v1${path.replace('PERSON', person)}`;
    expectRefusal(await stranger.request(method, asked, body), 404, 'org.not_found');
    expect((await server.owner.get('/orgs/acme/agents/sales')).body.name).toBe('Sales');
  });

  it('looks for an id in the org of the path, not in the org that it belongs to', async () => {
    expectRefusal(await stranger.get(`/orgs/other/agents/${agent}`), 404, 'agent.not_found');
    await stranger.post('/orgs/other/agents', { id: agent, name: 'Theirs' });
    expectRefusal(
      await stranger.get(`/orgs/other/agents/${agent}/people/${person}`),
      404,
      'person.not_found',
    );
  });

  it('accepts no page token of another org', async () => {
    await server.owner.createAgent({ name: 'Second' });
    const { nextPageToken } = (await server.owner.get('/orgs/acme/agents?limit=1')).body;
    expect(nextPageToken).toEqual(expect.any(String));
    const theirs = `/orgs/other/agents?limit=1&pageToken=${nextPageToken}`;
    expect((await stranger.get(theirs)).status).toBe(400);
  });

  it('hides the same over GraphQL', async () => {
    const answer = await stranger.graphql('{ org(id: "acme") { agents { nodes { id } } } }');
    expect(answer.data?.org ?? null).toBeNull();
    const written = await stranger.graphql(
      'mutation { deleteAgent(org: "acme", agent: "sales") { id } }',
    );
    expect(codesOf(written)).toEqual(['org.not_found']);
  });
});

describe('API2: broken authentication', () => {
  it.each([
    ['no token', undefined],
    ['a word', 'Bearer secret'],
    ['a key with a wrong checksum', `Bearer sk-any-api01-${'A'.repeat(46)}`],
    ['an unsigned ID token', `Bearer ${unsigned({ email: 'owner@acme.com', sub: '1' })}`],
    ['Basic', `Basic ${Buffer.from('owner:owner').toString('base64')}`],
  ])('refuses %s', async (_, authorization) => {
    const headers = authorization === undefined ? {} : { Authorization: authorization };
    const rest = await server.anonymous.get('/orgs/acme/agents', headers);
    expectRefusal(rest, 401, 'auth.unauthenticated');
    expect(rest.headers.get('www-authenticate')).toMatch(/^Bearer/);
    const query = '{ org(id: "acme") { id } }';
    const graphql = await server.anonymous.request('POST', '/graphql', { query }, headers);
    expect(JSON.stringify(graphql.body)).toContain('auth.unauthenticated');
  });

  it('accepts a token in the header alone: not in the path, the query or a cookie', async () => {
    const { token = '' } = server.owner;
    for (const [path, headers] of [
      [`/orgs/acme?access_token=${token}`, {}],
      [`/orgs/acme?api_key=${token}`, {}],
      ['/orgs/acme', { Cookie: `token=${token}` }],
      ['/orgs/acme', { 'X-API-Key': token }],
    ] as const) {
      expectRefusal(await server.anonymous.get(path, headers), 401, 'auth.unauthenticated');
    }
  });

  it('ends a key at once when it is removed', async () => {
    const { body } = await server.owner.post('/orgs/acme/api-keys', { name: 'short' });
    const client = new Client(server.url, String(body.key));
    expect((await client.get('/orgs/acme')).status).toBe(200);
    await server.owner.delete(`/orgs/acme/api-keys/${body.id}`);
    expectRefusal(await client.get('/orgs/acme'), 401, 'auth.unauthenticated');
  });

  it('limits the guesses from one address over both doors, and serves those who have a key', async () => {
    const limited = await startTestServer({ RATE_LIMIT_REFUSED_TOKENS: '4' });
    try {
      await limited.owner.get('/orgs/acme');
      const guessing = new Client(limited.url, 'sk-any-api01-guessed');
      const query = '{ viewer { id } }';
      const statuses = [];
      for (let i = 0; i < 3; i += 1) {
        statuses.push((await guessing.get('/orgs/acme')).status);
        statuses.push((await guessing.request('POST', '/graphql', { query })).status);
      }
      expect(statuses.slice(0, 4)).not.toContain(429);
      expect(statuses.slice(4)).toEqual([429, 429]);
      expect((await limited.owner.get('/orgs/acme')).status).toBe(200);
    } finally {
      await limited.stop();
    }
  });
});

describe('API3: broken object property level authorization', () => {
  it.each([
    ['/orgs/acme/agents/sales', { version: 99 }, 'version'],
    ['/orgs/acme/agents/sales', { org: 'other' }, 'org'],
    ['/orgs/acme/agents/sales', { createdAt: '2020-01-01T00:00:00Z' }, 'createdAt'],
    ['/orgs/acme', { features: ['everything'] }, 'features'],
  ])('refuses a write of %s that sets a property of the server: %j', async (path, body, field) => {
    const refused = await server.owner.patch(path, body);
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.body)).toContain(field);
  });

  it('gives a key no role that the body names', async () => {
    const admin = await server.as('admin');
    const { status, body } = await admin.post('/orgs/acme/api-keys', {
      name: 'mine',
      role: 'owner',
    });
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'request.invalid' });
  });

  it('shows a secret to nobody after it was set', async () => {
    const url = 'https://93.184.216.34/hook';
    const created = await server.owner.post('/orgs/acme/webhooks', {
      url,
      events: ['agent.updated'],
    });
    const { id, signingSecret: secret } = created.body;
    expect(String(secret)).toMatch(/^whsec_/);
    const read = await server.owner.get(`/orgs/acme/webhooks/${id}`);
    expect(JSON.stringify(read.body)).not.toContain(secret);
    const { key } = (await server.owner.post('/orgs/acme/api-keys', { name: 'shown once' })).body;
    expect(String(key)).toMatch(/^sk-any-/);
    const listed = await server.owner.get('/orgs/acme/api-keys');
    expect(JSON.stringify(listed.body)).not.toContain(key);
  });

  it('has no such property over GraphQL either', async () => {
    const set = `mutation {
      updateAgent(org: "acme", agent: "sales", input: { version: 99 }) { id }
    }`;
    const { data, errors } = await server.owner.graphql(set);
    expect(data ?? null).toBeNull();
    expect(errors?.[0]?.message).toContain('version');
    const read =
      '{ org(id: "acme") { webhooks { nodes { signingSecret } } apiKeys { nodes { key } } } }';
    const shown = JSON.stringify(await server.owner.query(read));
    expect(shown).toContain('"signingSecret":null');
    expect(shown).not.toMatch(/whsec_|sk-any-/);
  });
});

describe('API4: unrestricted resource consumption', () => {
  const inAgent = (selection: string) =>
    `{ org(id: "acme") { agent(id: "sales") { ${selection} } } }`;
  const many = (count: number, selection: string) =>
    Array.from({ length: count }, (_, i) => `a${i}: ${selection}`).join(' ');
  const deep = (depth: number) =>
    `{ org(id: "acme") { ${'viewer { org(id: "acme") { '.repeat(depth)} id ${'} }'.repeat(depth)} } }`;

  it.each([
    ['many aliases', inAgent(many(1_000, 'export'))],
    ['a deep document', deep(200)],
    ['a long document', `{ viewer { id } } # ${'x'.repeat(200_000)}`],
    [
      'long pages in long pages',
      inAgent('conversations(first: 200) { nodes { messages(first: 200) { nodes { text } } } }'),
    ],
  ])('refuses %s before it runs', async (_, query) => {
    const { data, errors } = await server.owner.graphql(query);
    expect(data ?? null).toBeNull();
    expect(errors?.[0]?.extensions.statusCode).toBeGreaterThanOrEqual(400);
  });

  it.each([
    ['a page that is too long', () => server.owner.get('/orgs/acme/agents?limit=100000'), 400],
    [
      'a body that is too large',
      () => server.owner.patch('/orgs/acme/agents/sales', { name: 'x'.repeat(20_000_000) }),
      413,
    ],
    [
      'a body that is nested too deeply',
      () =>
        server.owner.request(
          'POST',
          '/v1/orgs/acme/agents/sales/people',
          `{"customFields":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_001)}`,
        ),
      400,
    ],
    [
      'aliases of YAML that grow',
      () =>
        server.owner.request(
          'POST',
          '/v1/orgs/acme/agents/sales/import',
          `a: &a [${'x,'.repeat(9)}x]\n${[...'bcdefgh']
            .map((it, i) => `${it}: &${it} [${`*${'abcdefgh'[i]},`.repeat(9)}*${'abcdefgh'[i]}]\n`)
            .join('')}`,
          { 'Content-Type': 'application/yaml' },
        ),
      400,
    ],
  ])('refuses %s', async (_, send, status) => {
    expect((await send()).status).toBe(status);
  });

  it('limits the requests of a token', async () => {
    const limited = await startTestServer({ RATE_LIMIT_PRINCIPAL: '3' });
    try {
      for (let i = 0; i < 3; i += 1) await limited.owner.get('/orgs/acme');
      const refused = await limited.owner.get('/orgs/acme');
      expectRefusal(refused, 429, 'request.rate_limited');
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    } finally {
      await limited.stop();
    }
  });
});

describe('API5: broken function level authorization', () => {
  it.each([
    ['POST', '/orgs/acme/agents', { name: 'Mine' }],
    ['DELETE', '/orgs/acme/agents/sales', undefined],
    ['POST', '/orgs/acme/api-keys', { name: 'Mine' }],
    ['GET', '/orgs/acme/api-keys', undefined],
    ['GET', '/orgs/acme/members', undefined],
    ['GET', '/orgs/acme/audit-log', undefined],
    ['POST', '/orgs/acme/webhooks', { url: 'https://93.184.216.34/', events: ['agent.updated'] }],
  ])('refuses a viewer %s %s', async (method, path, body) => {
    const viewer = await server.as('viewer');
    const answer = await viewer.request(method, `/v1${path}`, body);
    expectRefusal(answer, 403, 'auth.role_insufficient');
  });

  it.each([
    'mutation { createAgent(org: "acme", input: { name: "Mine" }) { id } }',
    'mutation { deleteAgent(org: "acme", agent: "sales") { id } }',
    'mutation { createApiKey(org: "acme", input: { name: "Mine" }) { id } }',
    '{ org(id: "acme") { apiKeys { nodes { id } } } }',
    '{ org(id: "acme") { members { nodes { id } } } }',
    '{ org(id: "acme") { auditLog { nodes { id } } } }',
  ])('refuses a viewer over GraphQL: %s', async (document) => {
    const viewer = await server.as('viewer');
    expect(codesOf(await viewer.graphql(document))).toEqual(['auth.role_insufficient']);
  });

  it('refuses an owner without the scope', async () => {
    const reader = await server.as('owner', ['agents:read']);
    expectRefusal(
      await reader.patch('/orgs/acme/agents/sales', { name: 'Mine' }),
      403,
      'auth.scope_missing',
    );
    const written = await reader.graphql(
      'mutation { createApiKey(org: "acme", input: { name: "Mine" }) { id } }',
    );
    expect(codesOf(written)).toEqual(['auth.scope_missing']);
  });

  it('knows no other method and no path of administration', async () => {
    for (const path of ['/admin', '/v1/admin', '/v1/orgs', '/debug', '/metrics', '/actuator']) {
      expect((await server.owner.request('GET', path)).status, path).toBe(404);
    }
    expect((await server.owner.request('PUT', '/v1/orgs/acme', {})).status).toBe(405);
  });
});

describe('API6: unrestricted access to sensitive business flows', () => {
  it('redeems an outreach link as often as it allows, and refuses codes that are guessed', async () => {
    const { outreachLinks } = server.services;
    const guesses = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => outreachLinks.redeem(WORK, `guess-${i}`)),
    );
    for (const { status } of guesses) expect(status).toBe('rejected');
    const channel = await server.owner.post('/orgs/acme/agents/sales/channels', {
      channel: 'rcs',
      mode: 'unmanaged',
      provider: 'google-rbm',
      auth: { agentId: 'acme_agent', serviceAccountKey: '{}' },
    });
    const created = await server.owner.post('/orgs/acme/agents/sales/outreach-links', {
      bindingId: channel.body.id,
      maxUses: 1,
    });
    expect(created.status, JSON.stringify(created.body)).toBe(201);
    const code = String(created.body.code);
    const uses = await Promise.allSettled(
      Array.from({ length: 5 }, () => outreachLinks.redeem(WORK, code)),
    );
    expect(uses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('limits how often a token begins a grant at a provider', async () => {
    const limited = await startTestServer({ RATE_LIMIT_OAUTH_STARTS: '2' });
    try {
      const id = await limited.owner.createAgent({ name: 'Sales' });
      const start = () =>
        limited.owner.post(
          `/orgs/acme/agents/${id}/tools/${encodeURIComponent('@anychat/tool.google-calendar')}/oauth/start`,
          {},
        );
      const statuses = [];
      for (let i = 0; i < 3; i += 1) statuses.push((await start()).status);
      expect(statuses.at(-1)).toBe(429);
      expect(statuses.slice(0, 2)).not.toContain(429);
    } finally {
      await limited.stop();
    }
  });
});

describe('API7: server side request forgery', () => {
  it.each([
    'http://example.com/',
    'https://127.0.0.1/',
    'https://localhost/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::1]/',
    'https://2130706433/',
    'https://10.0.0.1/',
    'https://user:password@example.com/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/',
  ])('refuses a webhook at %s', async (url) => {
    const answer = await server.owner.post('/orgs/acme/webhooks', {
      url,
      events: ['agent.updated'],
    });
    expectRefusal(answer, 400, 'request.invalid', ['url']);
  });

  it('refuses the same over GraphQL', async () => {
    const refused = await server.owner.graphql(
      'mutation { createWebhook(org: "acme", input: { url: "https://169.254.169.254/", events: [] }) { id } }',
    );
    expect(codesOf(refused)).toEqual(['request.invalid']);
  });

  it('sends nobody to a host that is not listed, after a grant', async () => {
    const bench = await startOAuthBench();
    try {
      const { oauth } = await bench.bindCalendar();
      const startAt = (returnTo: string) => bench.server.owner.post(`${oauth}/start`, { returnTo });
      expect((await startAt('javascript:alert(1)')).status).toBe(400);
      for (const returnTo of [
        'https://evil.example/',
        'https://app.acme.test.evil.example/',
        'https://app.acme.test@evil.example/',
      ]) {
        const { body } = await startAt(returnTo);
        const callback = await bench.oidc.browse(String(body.authorizationUrl));
        const answer = await bench.visitCallback(callback);
        expect(answer.status, returnTo).toBe(200);
        expect(answer.headers.get('location')).toBeNull();
        expect(await answer.text()).not.toContain('evil.example');
      }
    } finally {
      await bench.stop();
    }
  });
});

describe('API8: security misconfiguration', () => {
  it('sends the headers of safety with every answer', async () => {
    for (const path of ['/v1/orgs/acme', '/v1/none', '/graphql', '/', '/console', '/docs']) {
      const { headers } = await fetch(`${server.url}${path}`, { redirect: 'manual' });
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('x-powered-by'), path).toBeNull();
      expect(headers.get('server'), path).toBeNull();
      expect(headers.get('access-control-allow-origin'), path).toBeNull();
    }
  });

  it('frames no page, and lets none load from elsewhere', async () => {
    for (const path of ['/', '/console', '/docs', '/graphql']) {
      const { headers } = await fetch(`${server.url}${path}`, { headers: { Accept: 'text/html' } });
      const policy = headers.get('content-security-policy');
      expect(policy, path).toContain("default-src 'none'");
      expect(policy, path).toContain("frame-ancestors 'none'");
    }
  });

  it('shows no stack, no file and no query of the store in an error', async () => {
    const answers = [
      await server.owner.get('/orgs/acme/agents/%00'),
      await server.owner.get('/orgs/acme/agents?pageToken=AAAA'),
      await server.owner.request('POST', '/v1/orgs/acme/agents', '{"name":'),
      await server.owner.request('POST', '/graphql', '{"query":'),
      await server.owner.request('POST', '/graphql', { query: '{ __typename(' }),
    ];
    for (const { status, body } of answers) {
      expect(status).toBeLessThan(500);
      expect(JSON.stringify(body)).not.toMatch(/node_modules|\bat .+:\d+:\d+|\.ts:|lmdb|mongo/i);
    }
  });
});

describe('API9: improper inventory management', () => {
  it('documents every REST path that it serves, with the right that it requires', async () => {
    const { body } = await server.anonymous.get('/openapi.json');
    const paths = body.paths as Record<string, Record<string, { security?: unknown[] }>>;
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        const open = operation.security?.length === 0;
        const asked = `/v1${path.replaceAll(/\{\w+\}/g, 'none')}`;
        const { status } = await server.anonymous.request(method.toUpperCase(), asked);
        expect({ method, path, isRefused: status === 401 }).toEqual({
          method,
          path,
          isRefused: !open,
        });
      }
    }
  });

  it('serves one version of the API and no other', async () => {
    for (const path of ['/v0/orgs/acme', '/v2/orgs/acme', '/api/v1/orgs/acme', '/orgs/acme']) {
      expect((await server.owner.request('GET', path)).status, path).toBe(404);
    }
  });

  it('answers no introspection without a token but the standard one', async () => {
    const query = '{ __schema { types { name } } }';
    const { errors } = await server.anonymous.graphql(query);
    expect(errors?.[0]?.extensions.code).toBe('request.too_complex');
  });
});

describe('API10: unsafe consumption of APIs', () => {
  it('follows no redirect of a webhook, and stores a bounded answer without secrets', async () => {
    const open = await startTestServer({ WEBHOOK_ALLOW_PRIVATE: '1' });
    const receiver = await startReceiver();
    try {
      receiver.answer = 307;
      receiver.says = { text: `token=hunter2 ${'x'.repeat(1_000_000)}`, type: 'text/plain' };
      const hooks = '/orgs/acme/webhooks';
      const { body } = await open.owner.post(hooks, {
        url: receiver.url,
        events: ['agent.created'],
      });
      await open.owner.createAgent();
      await receiver.until(1);
      const log = async () => (await open.owner.get(`${hooks}/${body.id}/deliveries`)).body;
      await expect.poll(async () => JSON.stringify(await log())).toContain('"statusCode":307');
      expect(receiver.received).toHaveLength(1);
      const text = JSON.stringify(await log());
      expect(text.length).toBeLessThan(10_000);
      expect(text).not.toContain('hunter2');
    } finally {
      await receiver.stop();
      await open.stop();
    }
  });
});

/** A token in the form of an ID token, with no signature. */
function unsigned(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
}

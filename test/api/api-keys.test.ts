import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mintApiKey } from '../../src/api-keys/token.ts';
import { ROLES, type Role, SCOPES, type Scope } from '../../src/auth/rights.ts';
import { systemEffects } from '../../src/server/effects.ts';
import { Client, expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

let server: TestServer;
const path = '/orgs/acme/api-keys';
const HOUR = 3_600_000;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

async function mint(input: object, by: Client = server.owner) {
  const { status, body, headers } = await by.post(path, input);
  expect(status, JSON.stringify(body)).toBe(201);
  const { id, key } = body as { id: string; key: string };
  return { id, key, body, location: headers.get('location'), client: new Client(server.url, key) };
}

/** Whether a key of `org:admin` alone lacks the scope. */
const isStrong = (scope: Scope) => scope !== 'org:admin' && scope !== 'catalogs:read';

describe('creating', () => {
  it('returns the key once, and the rights it gives', async () => {
    const expiresAt = '2099-01-01T00:00:00.000Z';
    const input = { name: 'CI', description: 'Deploys', scopes: ['agents:write'], expiresAt };
    const { id, key, body, location, client } = await mint(input);
    expect(body).toMatchObject({ ...input, prefix: key.slice(0, 'sk-any-api01-'.length + 6) });
    expect(key).toMatch(/^sk-any-api01-[0-9A-Za-z]{46}$/);
    expect(location).toBe(`/v1${path}/${id}`);
    expect((await client.get('/orgs/acme/agents')).status).toBe(200);
    const { key: _, ...rest } = body;
    const read = await server.owner.get(`${path}/${id}`);
    const { lastUsedAt, ...shown } = read.body;
    expect(shown).toEqual(rest);
    expect(Date.parse(lastUsedAt as string)).toBeGreaterThan(0);
    expect(JSON.stringify((await server.owner.get(path)).body)).not.toContain(key);
  });

  it.each(['2099-01-01T01:00+0100', '2099-01-01T00:00Z', '2099-01-01T00:00:00.000000Z'])(
    'accepts the expiry %s',
    async (expiresAt) => {
      const { body } = await mint({ name: 'CI', expiresAt });
      expect(body.expiresAt).toBe('2099-01-01T00:00:00.000Z');
    },
  );

  it('gives no scopes by default: such a key reads its org and no agents', async () => {
    const { body, client } = await mint({ name: 'Bare' });
    expect(body.scopes).toEqual([]);
    expect((await client.get('/orgs/acme')).status).toBe(200);
    expectRefusal(await client.get('/orgs/acme/agents'), 403, 'auth.scope_missing');
  });

  it('gives no scope and no role that the creator does not hold', async () => {
    const admin = await server.as('admin', ['org:admin', 'agents:write']);
    const wide = { name: 'Wide', scopes: ['agents:read', 'people:read'] };
    const refused = await admin.post(path, wide);
    expectRefusal(refused, 403, 'auth.scope_missing', ['scopes']);
    expect(refused.body.message).toContain('people:read');
    const { client } = await mint({ name: 'Ok', scopes: ['org:admin', 'agents:read'] }, admin);
    const { viewer } = await client.query('{ viewer { memberships { role } } }');
    expect(viewer).toEqual({ memberships: [{ role: 'ADMIN' }] });
  });

  it.each([
    [{}, 'name'],
    [{ name: ' ' }, 'name'],
    [{ name: 'x', scopes: ['agents:fly'] }, 'scopes[0]'],
    [{ name: 'x', scopes: 'agents:read' }, 'scopes'],
    [{ name: 'x', expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    [{ name: 'x', expiresAt: 'soon' }, 'expiresAt'],
    [{ name: 'x', expiresAt: '2099-01-01' }, 'expiresAt'],
    [{ name: 'x', expiresAt: '2099-02-30T00:00:00Z' }, 'expiresAt'],
    [{ name: 'x', role: 'owner' }, 'role'],
    [{ name: 'x', key: 'sk-any-api01-mine' }, 'key'],
  ])('refuses %j', async (input, at) => {
    expectRefusal(await server.owner.post(path, input), 400, 'request.invalid', [at]);
  });
});

describe('changing', () => {
  it('takes effect at once', async () => {
    const { id, client } = await mint({ name: 'K', scopes: ['agents:read'] });
    expect((await client.get('/orgs/acme/agents')).status).toBe(200);
    const patch = { name: 'Renamed', description: 'D', scopes: ['people:read', 'people:read'] };
    const { body } = await server.owner.patch(`${path}/${id}`, patch);
    expect(body).toMatchObject({ ...patch, scopes: ['people:read'] });
    expectRefusal(await client.get('/orgs/acme/agents'), 403, 'auth.scope_missing');
    expect(
      (await server.owner.patch(`${path}/${id}`, { description: null })).body,
    ).not.toHaveProperty('description');
  });

  it('adds no scope that the editor lacks, but can keep or remove such a scope', async () => {
    const admin = await server.as('admin', ['org:admin', 'agents:read']);
    const { id } = await mint({ name: 'K', scopes: ['people:write'] }, await server.as('admin'));
    const at = `${path}/${id}`;
    expectRefusal(
      await admin.patch(at, { scopes: ['people:write', 'messages:read'] }),
      403,
      'auth.scope_missing',
    );
    const kept = await admin.patch(at, { scopes: ['people:read', 'agents:read'] });
    expect(kept.body.scopes).toEqual(['people:read', 'agents:read']);
    expectRefusal(await admin.patch(at, { scopes: ['people:write'] }), 403, 'auth.scope_missing');
  });

  describe('of its expiry', () => {
    const past = new Date(Date.now() - HOUR).toISOString();
    const soon = new Date(Date.now() + HOUR).toISOString();
    const late = new Date(Date.now() + 2 * HOUR).toISOString();

    /** A key of all scopes with this expiry. @returns its path */
    async function strong(expiresAt: string) {
      const content = { name: 'Strong', role: 'admin', scopes: SCOPES, expiresAt } as const;
      const { doc } = await server.services.apiKeys.mint(WORK, 'acme', content);
      return `${path}/${doc.id}`;
    }

    it.each([
      [past, late],
      [past, null],
      [soon, late],
      [soon, null],
    ])('from %s to %s needs every scope of the key', async (from, to) => {
      const at = await strong(from);
      const weak = await server.as('admin', ['org:admin']);
      const refused = await weak.patch(at, { expiresAt: to });
      expectRefusal(
        refused,
        403,
        'auth.scope_missing',
        SCOPES.filter(isStrong).map(() => 'expiresAt'),
      );
      expect((await server.owner.get(at)).body.expiresAt).toBe(from);
      const { status, body } = await server.owner.patch(at, { expiresAt: to });
      expect({ status, expiresAt: body.expiresAt }).toEqual({
        status: 200,
        expiresAt: to ?? undefined,
      });
    });

    it('to an earlier time, or to the same one, needs no scope of the key', async () => {
      const at = await strong(late);
      const weak = await server.as('admin', ['org:admin']);
      for (const expiresAt of [late, soon]) {
        expect((await weak.patch(at, { name: 'Ends', expiresAt })).body).toMatchObject({
          expiresAt,
        });
      }
    });

    it('may be later if the key is narrowed to scopes of the editor', async () => {
      const at = await strong(past);
      const weak = await server.as('admin', ['org:admin']);
      const narrowed = { scopes: ['org:admin'], expiresAt: late };
      expect((await weak.patch(at, narrowed)).body).toMatchObject(narrowed);
    });
  });

  it.each([
    [{ name: null }, 'name'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    [{ prefix: 'sk' }, 'prefix'],
  ])('refuses %j', async (input, at) => {
    const { id } = await mint({ name: 'K' });
    const answer = await server.owner.patch(`${path}/${id}`, input);
    expectRefusal(answer, 400, 'request.invalid', [at]);
  });
});

describe('a key of a role above the caller', () => {
  /** A key that has expired, or ends later. @returns its id */
  async function keyOf(role: Role, expiresAt?: string): Promise<string> {
    const content = { name: 'Above', role, scopes: [], ...(expiresAt && { expiresAt }) };
    return (await server.services.apiKeys.mint(WORK, 'acme', content)).doc.id;
  }

  const past = new Date(Date.now() - HOUR).toISOString();
  const soon = new Date(Date.now() + HOUR).toISOString();
  const late = new Date(Date.now() + 2 * HOUR).toISOString();

  it.each([
    ['renamed', undefined, { name: 'Mine' }],
    ['ended', undefined, { expiresAt: soon }],
    ['shortened', late, { expiresAt: soon }],
    ['prolonged', soon, { expiresAt: late }],
    ['revived', past, { expiresAt: late }],
    ['revived without an end', past, { expiresAt: null }],
    ['narrowed', undefined, { scopes: [] }],
    ['touched', undefined, {}],
  ])('is not %s', async (_, expiresAt, patch) => {
    const at = `${path}/${await keyOf('owner', expiresAt)}`;
    const { body: before } = await server.owner.get(at);
    const admin = await server.as('admin');
    expectRefusal(await admin.patch(at, patch), 403, 'auth.role_insufficient');
    expect((await server.owner.get(at)).body).toEqual(before);
  });

  it('is not removed', async () => {
    const at = `${path}/${await keyOf('owner')}`;
    const admin = await server.as('admin');
    expectRefusal(await admin.delete(at), 403, 'auth.role_insufficient');
    expect((await server.owner.get(at)).status).toBe(200);
    expect((await server.owner.delete(at)).status).toBe(204);
  });

  it('is refused over GraphQL too', async () => {
    const id = await keyOf('owner');
    const admin = await server.as('admin');
    for (const field of [
      'updateApiKey(org: "acme", apiKey: $id, input: { name: "Mine" }) { id }',
      'deleteApiKey(org: "acme", apiKey: $id) { id }',
    ]) {
      const { errors } = await admin.graphql(`mutation ($id: ID!) { ${field} }`, { id });
      expect(errors?.[0]?.extensions.code).toBe('auth.role_insufficient');
    }
    expect((await server.owner.get(`${path}/${id}`)).status).toBe(200);
  });

  it.each(ROLES.filter((role) => role !== 'owner'))('is none if its role is %s', async (role) => {
    const at = `${path}/${await keyOf(role)}`;
    const admin = await server.as('admin');
    expect((await admin.patch(at, { name: 'Mine' })).status).toBe(200);
    expect((await admin.delete(at)).status).toBe(204);
  });
});

describe('the role and the creator of a key', () => {
  const creator = 'createdBy { kind id name }';

  it('are shown over REST and GraphQL', async () => {
    const first = await mint({ name: 'Ops', scopes: ['org:admin'] });
    const second = await mint({ name: 'CI' }, first.client);
    const shown = {
      role: 'owner',
      createdBy: { kind: 'apiKey', id: first.id, name: 'Ops' },
    };
    expect(second.body).toMatchObject(shown);
    expect((await server.owner.get(`${path}/${second.id}`)).body).toMatchObject(shown);
    const { data } = (await server.owner.get(path)).body as { data: { id: string }[] };
    expect(data.find(({ id }) => id === second.id)).toMatchObject(shown);
    const { org } = await server.owner.query(
      `query ($id: ID!) { org(id: "acme") { apiKey(id: $id) { role ${creator} } } }`,
      { id: second.id },
    );
    const inGraphql = { ...shown.createdBy, kind: 'API_KEY' };
    expect(org).toEqual({ apiKey: { role: 'OWNER', createdBy: inGraphql } });
  });

  it('stay the same when another caller changes the key', async () => {
    const { id, body } = await mint({ name: 'CI' });
    const admin = await server.as('admin');
    const { role, createdBy } = body;
    const patched = await server.owner.patch(`${path}/${id}`, { name: 'CD' });
    expect(patched.body).toMatchObject({ role, createdBy });
    expect((await admin.get(`${path}/${id}`)).body).toMatchObject({ role, createdBy });
  });

  it('cannot be sent', async () => {
    const createdBy = { kind: 'apiKey', id: 'me' };
    const answer = await server.owner.post(path, { name: 'K', createdBy });
    expectRefusal(answer, 400, 'request.invalid', ['createdBy']);
  });
});

describe('a key', () => {
  it('is refused once it is deleted', async () => {
    const { id, client } = await mint({ name: 'K', scopes: [...SCOPES] });
    expect((await client.get('/orgs/acme')).status).toBe(200);
    const { status, body } = await server.owner.delete(`${path}/${id}`);
    expect({ status, body }).toEqual({ status: 204, body: '' });
    expectRefusal(await client.get('/orgs/acme'), 401, 'auth.unauthenticated');
    expectRefusal(await server.owner.get(`${path}/${id}`), 404, 'api_key.not_found');
    expectRefusal(await server.owner.delete(`${path}/${id}`), 404, 'api_key.not_found');
    expectRefusal(await server.owner.patch(`${path}/${id}`, {}), 404, 'api_key.not_found');
  });

  it('is refused once it has expired', async () => {
    const expiresAt = new Date(Date.now() - HOUR).toISOString();
    const { secret } = await server.services.apiKeys.mint(WORK, 'acme', {
      name: 'Old',
      role: 'owner',
      scopes: SCOPES,
      expiresAt,
    });
    const old = new Client(server.url, secret);
    expectRefusal(await old.get('/orgs/acme'), 401, 'auth.unauthenticated');
  });

  it('is refused once it expires while it is in use', async () => {
    const { id, client } = await mint({ name: 'Short' });
    expect((await client.get('/orgs/acme')).status).toBe(200);
    const soon = new Date(Date.now() + 1_000).toISOString();
    expect((await server.owner.patch(`${path}/${id}`, { expiresAt: soon })).status).toBe(200);
    await expect.poll(async () => (await client.get('/orgs/acme')).status).toBe(401);
  });
});

it('lists newest first, in pages, over REST and GraphQL', async () => {
  const fresh = await startTestServer();
  for (const name of ['one', 'two', 'three']) await fresh.owner.post(path, { name });
  const first = await fresh.owner.get(`${path}?limit=2`);
  const names = (body: Record<string, unknown>) =>
    (body.data as { name: string }[]).map(({ name }) => name);
  expect(names(first.body)).toEqual(['three', 'two']);
  const next = await fresh.owner.get(`${path}?limit=2&pageToken=${first.body.nextPageToken}`);
  expect(names(next.body)[0]).toBe('one');
  const { org } = await fresh.owner.query(
    '{ org(id: "acme") { apiKeys(first: 2) { nodes { name key scopes } } } }',
  );
  const bare = (name: string) => ({ name, key: null, scopes: [] });
  expect(org).toEqual({ apiKeys: { nodes: [bare('three'), bare('two')] } });
  await fresh.stop();
});

it('stores a given key once when several first starts create it at once', async () => {
  const { apiKeys } = server.services;
  const secret = mintApiKey(systemEffects().random);
  const key = { name: 'Given', role: 'viewer', scopes: [] } as const;
  const created = await Promise.all([1, 2, 3].map(() => apiKeys.mint(WORK, 'acme', key, secret)));
  expect(new Set(created.map(({ doc }) => doc.id)).size).toBe(1);
  const given = new Client(server.url, secret);
  expect((await given.get('/orgs/acme')).status).toBe(200);
  await server.owner.delete(`${path}/${created[0]?.doc.id}`);
  expectRefusal(await given.get('/orgs/acme'), 401, 'auth.unauthenticated');
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
const agents = '/orgs/acme/agents';

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe('creating an agent', () => {
  it('derives an id from the name, and returns the agent and its Location', async () => {
    const { status, headers, body } = await server.owner.post(agents, { name: 'Acme SDR' });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^agent-acme-sdr-[a-z0-9]{8}$/),
      orgId: 'acme',
      name: 'Acme SDR',
      identity: {},
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      updatedAt: body.createdAt,
    });
    expect(headers.get('location')).toBe(`/v1${agents}/${body.id}`);
    expect(headers.get('etag')).toBe('"1"');
    const read = await server.owner.get(`${agents}/${body.id}`);
    expect(read.body).toEqual(body);
  });

  it('accepts an id, a description and an identity', async () => {
    const input = {
      id: 'given',
      name: 'Given',
      description: 'For tests',
      identity: { brandColor: '#1a73e8' },
    };
    const { body } = await server.owner.post(agents, input);
    expect(body).toMatchObject(input);
  });

  it('refuses an id that is in use', async () => {
    await server.owner.post(agents, { id: 'taken', name: 'First' });
    const second = await server.owner.post(agents, { id: 'taken', name: 'Second' });
    expectRefusal(second, 409, 'agent.id_taken', ['id']);
    expect((await server.owner.get(`${agents}/taken`)).body.name).toBe('First');
  });

  it.each([
    [{}, ['name']],
    [{ name: '  ' }, ['name']],
    [{ name: null }, ['name']],
    [{ name: 'x', id: 'Not A Slug' }, ['id']],
    [{ name: 'x', id: '-a' }, ['id']],
    [{ name: 'x', orgId: 'acme' }, ['orgId']],
    [{ name: 'x', createdAt: '2026-01-01T00:00:00Z' }, ['createdAt']],
    [{ name: 7, extra: 1 }, ['name', 'extra']],
    [{ name: 'x', identity: { brandColor: 'red' } }, ['identity.brandColor']],
    [[], ['']],
    ['"text"', ['']],
  ])('refuses %j, naming %j', async (input, paths) => {
    const before = await server.owner.get(agents);
    expectRefusal(await server.owner.post(agents, input), 400, 'request.invalid', paths);
    expect((await server.owner.get(agents)).body).toEqual(before.body);
  });
});

describe('changing an agent', () => {
  it('merges the fields that are sent', async () => {
    const id = await server.owner.createAgent({
      name: 'Before',
      description: 'gone soon',
      identity: { brandColor: '#111111', contactEmail: 'a@b.co' },
    });
    const patch = { name: 'After', description: null, identity: { brandColor: null } };
    const { body, headers } = await server.owner.patch(`${agents}/${id}`, patch);
    expect(body).toMatchObject({ id, name: 'After', identity: { contactEmail: 'a@b.co' } });
    expect(body).not.toHaveProperty('description');
    expect(headers.get('etag')).toBe('"2"');
    expect((await server.owner.get(`${agents}/${id}`)).body).toEqual(body);
  });

  it.each([
    [{ name: null }, ['name']],
    [{ name: '' }, ['name']],
    [{ id: 'other' }, ['id']],
    [{ identity: 7 }, ['identity']],
  ])('refuses %j', async (patch, paths) => {
    const id = await server.owner.createAgent();
    const before = await server.owner.get(`${agents}/${id}`);
    expectRefusal(
      await server.owner.patch(`${agents}/${id}`, patch),
      400,
      'request.invalid',
      paths,
    );
    expect((await server.owner.get(`${agents}/${id}`)).body).toEqual(before.body);
  });

  it('applies every concurrent change', async () => {
    const id = await server.owner.createAgent();
    const fields = ['smallLogoUrl', 'largeBannerUrl', 'websiteUrl', 'privacyPolicyUrl'];
    const url = (field: string) => `https://acme.com/${field}`;
    await Promise.all(
      fields.map((field) =>
        server.owner.patch(`${agents}/${id}/identity`, { [field]: url(field) }),
      ),
    );
    const { body, headers } = await server.owner.get(`${agents}/${id}/identity`);
    expect(body).toEqual(Object.fromEntries(fields.map((field) => [field, url(field)])));
    expect(headers.get('etag')).toBe('"5"');
  });
});

describe('deleting an agent', () => {
  it('returns its last state and removes it', async () => {
    const id = await server.owner.createAgent({ name: 'Doomed' });
    const { status, body } = await server.owner.delete(`${agents}/${id}`);
    expect({ status, name: body.name }).toEqual({ status: 200, name: 'Doomed' });
    expectRefusal(await server.owner.get(`${agents}/${id}`), 404, 'agent.not_found');
    expectRefusal(await server.owner.delete(`${agents}/${id}`), 404, 'agent.not_found');
    expectRefusal(await server.owner.patch(`${agents}/${id}`, {}), 404, 'agent.not_found');
  });
});

describe('in GraphQL', () => {
  it('an agent can be created, read, changed and deleted', async () => {
    const { createAgent } = await server.owner.query(
      'mutation ($input: CreateAgentInput!) { createAgent(org: "acme", input: $input) { id version } }',
      { input: { name: 'By GraphQL', identity: { brandColor: '#abcdef' } } },
    );
    const { id, version } = createAgent as { id: string; version: number };
    expect(version).toBe(1);
    const read =
      'query ($id: ID!) { org(id: "acme") { agent(id: $id) { name identity { brandColor } } } }';
    expect(await server.owner.query(read, { id })).toEqual({
      org: { agent: { name: 'By GraphQL', identity: { brandColor: '#abcdef' } } },
    });
    const update = `mutation ($id: ID!, $v: Int) {
      updateIdentity(org: "acme", agent: $id, expectedVersion: $v, input: { brandColor: null }) {
        version identity { brandColor }
      }
    }`;
    expect(await server.owner.query(update, { id, v: 1 })).toEqual({
      updateIdentity: { version: 2, identity: { brandColor: null } },
    });
    const stale = await server.owner.graphql(update, { id, v: 1 });
    expect(stale.errors?.[0]?.extensions).toMatchObject({
      code: 'version.mismatch',
      statusCode: 412,
    });
    await server.owner.query(
      'mutation ($id: ID!) { deleteAgent(org: "acme", agent: $id) { id } }',
      { id },
    );
    const gone = await server.owner.graphql(read, { id });
    expect(gone.data).toEqual({ org: { agent: null } });
    expect(gone.errors?.[0]?.extensions).toMatchObject({ code: 'agent.not_found' });
  });
});

describe('a list of agents', () => {
  let fresh: TestServer;

  beforeAll(async () => {
    fresh = await startTestServer();
    for (const [id, name] of [
      ['sdr', 'Acme Sales Bot'],
      ['desk', 'help desk'],
      ['zeta', 'Élan Sales'],
      ['beta', 'beta'],
    ]) {
      await fresh.owner.createAgent({ id, name });
    }
    await fresh.owner.patch(`${agents}/desk`, { description: 'Changed last.' });
  });
  afterAll(() => fresh.stop());

  const ids = async (query: string) => {
    const { status, body } = await fresh.owner.get(`${agents}?${query}`);
    expect(status, JSON.stringify(body)).toBe(200);
    return (body.data as { id: string }[]).map(({ id }) => id);
  };

  it.each([
    ['', ['beta', 'zeta', 'desk', 'sdr']],
    ['sort=-createdAt', ['beta', 'zeta', 'desk', 'sdr']],
    ['sort=createdAt', ['sdr', 'desk', 'zeta', 'beta']],
    ['sort=name', ['sdr', 'beta', 'desk', 'zeta']],
    ['sort=-name', ['zeta', 'desk', 'beta', 'sdr']],
    ['sort=-updatedAt', ['desk', 'beta', 'zeta', 'sdr']],
    ['q=SALES', ['zeta', 'sdr']],
    ['q=sales&sort=name', ['sdr', 'zeta']],
    ['q=sales%20b', ['sdr']],
    ['q=z', ['zeta']],
    ['q=%C3%A9lan', ['zeta']],
    ['q=ales', []],
  ])('has the order and the matches of ?%s', async (query, wanted) => {
    expect(await ids(query)).toEqual(wanted);
  });

  it('is the same over GraphQL', async () => {
    const { org } = await fresh.owner.query(
      '{ org(id: "acme") { agents(query: "sales", sort: NAME) { nodes { id } } } }',
    );
    expect(org).toEqual({ agents: { nodes: [{ id: 'sdr' }, { id: 'zeta' }] } });
  });

  it('follows a change of the name at once', async () => {
    await fresh.owner.createAgent({ id: 'moving', name: 'Old' });
    await fresh.owner.patch(`${agents}/moving`, { name: 'A new one' });
    expect(await ids('q=old')).toEqual([]);
    expect(await ids('q=new')).toEqual(['moving']);
    expect((await ids('sort=name'))[0]).toBe('moving');
    await fresh.owner.delete(`${agents}/moving`);
    expect(await ids('q=new')).toEqual([]);
  });

  it('has pages whose tokens belong to the search and the order', async () => {
    const first = await fresh.owner.get(`${agents}?q=sales&sort=name&limit=1`);
    const token = `limit=1&pageToken=${first.body.nextPageToken}`;
    expect(await ids(`q=%20Sales&sort=name&${token}`)).toEqual(['zeta']);
    for (const other of ['q=sales&sort=-name', 'q=sale&sort=name', 'sort=name', 'q=sales']) {
      const answer = await fresh.owner.get(`${agents}?${other}&${token}`);
      expectRefusal(answer, 400, 'request.page_token', ['pageToken']);
    }
  });

  it.each([
    ['q=%20', 'q'],
    ['q=', 'q'],
    [`q=${'x'.repeat(201)}`, 'q'],
    ['sort=soup', 'sort'],
    ['sort=updatedAt', 'sort'],
    ['sort=NAME', 'sort'],
  ])('refuses ?%s', async (query, at) => {
    const answer = await fresh.owner.get(`${agents}?${query}`);
    expectRefusal(answer, 400, 'request.invalid', [at]);
  });
});

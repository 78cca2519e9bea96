import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../src/auth/rights.ts';
import { memberId } from '../../src/members/collection.ts';
import { openServices } from '../../src/server/compose.ts';
import { readSettings } from '../../src/server/settings.ts';
import { Client, expectRefusal } from '../kit/client.ts';
import { OIDC_CLIENT, type OidcServer, startOidc } from '../kit/oidc.ts';
import { startTestServer, type TestServer, testStore } from '../kit/server.ts';
import { dropDatabase } from '../kit/store.ts';
import { WORK } from '../kit/work.ts';

let oidc: OidcServer;
let server: TestServer;
let admin: Client;
const path = '/orgs/acme/members';
let count = 0;
let email: string;

beforeAll(async () => {
  oidc = await startOidc();
  server = await startTestServer({
    OIDC_ISSUER: oidc.issuer,
    OIDC_AUDIENCE: OIDC_CLIENT.id,
  });
  admin = await server.as('admin');
});
afterAll(async () => {
  await server.stop();
  await oidc.stop();
});
beforeEach(() => {
  count += 1;
  email = `user-${count}@acme.com`;
});

interface Member {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly signedIn: boolean;
}

async function add(role: Role, address = email): Promise<Member> {
  const { status, body } = await server.owner.post(path, { email: address, role });
  expect(status, JSON.stringify(body)).toBe(201);
  return body as unknown as Member;
}

async function signIn(): Promise<Client> {
  const user = { sub: `sub-${count}`, email, emailVerified: true };
  return new Client(server.url, await oidc.idToken(user));
}

const emails = async (query = '') =>
  ((await server.owner.get(`${path}${query}`)).body.data as Member[]).map((it) => it.email);

describe('a member', () => {
  it('is added by e-mail address, and has an id that is safe in a URL', async () => {
    const created = await server.owner.post(path, { email: email.toUpperCase(), role: 'editor' });
    expect(created.status).toBe(201);
    const { id, ...rest } = created.body;
    expect(id).toMatch(/^member_[a-z0-9]+$/);
    expect(rest).toEqual({
      email,
      role: 'editor',
      signedIn: false,
      createdAt: expect.any(String),
      updatedAt: rest.createdAt,
    });
    expect(created.headers.get('location')).toBe(`/v1${path}/${id}`);
    expect(created.headers.get('etag')).toBe('"1"');
  });

  it('has each role at the next request, keeps the id, and has none after removal', async () => {
    const { id } = await add('viewer');
    const client = await signIn();
    expect((await client.get('/orgs/acme/agents')).status).toBe(200);
    expectRefusal(await client.get(path), 403, 'auth.role_insufficient');
    const changed = await server.owner.patch(`${path}/${id}`, { role: 'admin' });
    expect(changed.body).toMatchObject({ id, email, role: 'admin', signedIn: true });
    expect((await client.get(path)).status).toBe(200);
    expect((await server.owner.delete(`${path}/${id}`)).status).toBe(204);
    expectRefusal(await client.get('/orgs/acme/agents'), 404, 'org.not_found');
  });

  it('has another id when it is added again, and the old id is gone', async () => {
    const { id } = await add('viewer');
    await server.owner.delete(`${path}/${id}`);
    expect((await add('viewer')).id).not.toBe(id);
    expectRefusal(await server.owner.delete(`${path}/${id}`), 404, 'member.not_found');
  });

  it('is added once', async () => {
    await add('viewer');
    const again = { email: email.toUpperCase(), role: 'admin' };
    expectRefusal(await server.owner.post(path, again), 409, 'member.email_taken', ['email']);
  });

  it('is known by its id in its own org only', async () => {
    await server.services.orgs.ensure(WORK, 'other', 'Other');
    const { id } = await add('viewer');
    const content = { name: 'K', role: 'owner', scopes: ['org:admin'] } as const;
    const { secret } = await server.services.apiKeys.mint(WORK, 'other', content);
    const foreign = new Client(server.url, secret);
    const other = `/orgs/other/members/${id}`;
    expectRefusal(await foreign.delete(other), 404, 'member.not_found');
    for (const none of ['member_', 'member_zzz', email, id.slice(0, -1), `${id}0`]) {
      expectRefusal(await server.owner.delete(`${path}/${none}`), 404, 'member.not_found');
    }
  });

  it('is changed and removed under its version', async () => {
    const { id } = await add('viewer');
    const stale = { 'If-Match': '"2"' };
    const at = `${path}/${id}`;
    expectRefusal(await server.owner.patch(at, { role: 'editor' }, stale), 412, 'version.mismatch');
    expectRefusal(await server.owner.delete(at, stale), 412, 'version.mismatch');
    const changed = await server.owner.patch(at, { role: 'editor' }, { 'If-Match': '"1"' });
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"']);
    // A change that changes nothing keeps the version.
    expect((await server.owner.patch(at, { role: 'editor' })).headers.get('etag')).toBe('"2"');
    expect((await server.owner.patch(at, {})).headers.get('etag')).toBe('"2"');
  });

  it.each([
    ['post', {}, ['email', 'role']],
    ['post', { email: 'nobody', role: 'viewer' }, ['email']],
    ['post', { email: 'a@b.example', role: 'boss' }, ['role']],
    ['post', { email: 'a@b.example', role: 'viewer', subject: 'me' }, ['subject']],
    ['patch', { role: null }, ['role']],
    ['patch', { email: 'b@b.example' }, ['email']],
  ] as const)('is not accepted: %s %j', async (method, input, at) => {
    const { id } = await add('viewer');
    const to = method === 'post' ? path : `${path}/${id}`;
    expectRefusal(await server.owner[method](to, input), 400, 'request.invalid', at);
  });

  it('is listed by e-mail address, in pages, over REST and GraphQL', async () => {
    await add('viewer', `b-${email}`);
    await add('viewer', `a-${email}`);
    const all = await emails();
    expect(all).toEqual([...all].sort());
    const { body } = await server.owner.get(`${path}?limit=1`);
    expect((body.data as Member[])[0]?.email).toBe(all[0]);
    expect(await emails(`?pageToken=${body.nextPageToken}`)).toEqual(all.slice(1));
    const { org } = await server.owner.query(
      '{ org(id: "acme") { members(first: 1) { nodes { email role version } } } }',
    );
    expect(org).toMatchObject({ members: { nodes: [{ email: all[0], version: 1 }] } });
  });

  it('sees the names of their orgs', async () => {
    await add('viewer');
    const { viewer } = await (await signIn()).query(
      '{ viewer { memberships { orgId org { id name } } } }',
    );
    const org = { id: 'acme', name: 'Acme' };
    expect(viewer).toEqual({ memberships: [{ orgId: 'acme', org }] });
  });
});

it('a member is in the change log under its id', async () => {
  const location = testStore();
  const { services, logParts, close } = await openServices(readSettings(location));
  const { members } = services;
  const { uid } = await members.add(WORK, 'acme', 'owner', { email, role: 'viewer' });
  const id = memberId({ uid });
  await members.update(WORK, 'acme', id, 'owner', undefined, { role: 'editor' });
  await members.remove(WORK, 'acme', id, 'owner', undefined);
  const scan = { index: 'byResource', eq: ['acme', 'member', uid], limit: 10 };
  const { docs } = await logParts.changes.scan(WORK, scan);
  await close();
  if (location.STORE_URL.startsWith('mongodb')) await dropDatabase(location.STORE_URL);
  expect(docs.map((it) => [it.id, it.actions])).toEqual([
    [id, ['member.created']],
    [id, ['member.updated']],
    [id, ['member.deleted']],
  ]);
});

describe('a caller', () => {
  it('grants no role above their own', async () => {
    const owner = { email, role: 'owner' };
    expectRefusal(await admin.post(path, owner), 403, 'auth.role_insufficient', ['role']);
    const { id } = await add('viewer');
    const promoted = await admin.patch(`${path}/${id}`, { role: 'owner' });
    expectRefusal(promoted, 403, 'auth.role_insufficient', ['role']);
    expect((await admin.patch(`${path}/${id}`, { role: 'admin' })).status).toBe(200);
  });

  it('changes and removes no member whose role is above their own', async () => {
    await add('owner', `keeper-${email}`);
    const { id } = await add('owner');
    for (const input of [{ role: 'viewer' }, {}]) {
      const refused = await admin.patch(`${path}/${id}`, input);
      expectRefusal(refused, 403, 'auth.role_insufficient');
    }
    expectRefusal(await admin.delete(`${path}/${id}`), 403, 'auth.role_insufficient');
    expect((await server.owner.delete(`${path}/${id}`)).status).toBe(204);
  });

  it('is held to the same rules over GraphQL', async () => {
    const { id } = await add('owner');
    const codes = async (mutation: string) =>
      (await admin.graphql(`mutation { ${mutation} }`)).errors?.map((it) => it.extensions.code);
    const at = `org: "acme", member: "${id}"`;
    const denied = ['auth.role_insufficient'];
    expect(
      await codes('addMember(org: "acme", input: { email: "x@y.zz", role: OWNER }) { id }'),
    ).toEqual(denied);
    expect(await codes(`updateMember(${at}, input: { role: VIEWER }) { id }`)).toEqual(denied);
    expect(await codes(`removeMember(${at}) { id }`)).toEqual(denied);
    const removed = await server.owner.query(
      `mutation { removeMember(${at}) { id email role signedIn } }`,
    );
    expect(removed.removeMember).toEqual({ id, email, role: 'OWNER', signedIn: false });
  });
});

describe('an org', () => {
  let orgs = 0;

  /** A new org with these owners. @returns its path, a client of its own, and the owners' paths */
  async function orgOf(...names: string[]) {
    orgs += 1;
    const org = `org-${orgs}`;
    await server.services.orgs.create(WORK, org, 'Org');
    const content = { name: 'K', role: 'owner', scopes: ['org:admin'] } as const;
    const { secret } = await server.services.apiKeys.mint(WORK, org, content);
    const client = new Client(server.url, secret);
    const add = async (name: string) => {
      const input = { email: `${name}@acme.com`, role: 'owner' };
      const { body } = await client.post(`/orgs/${org}/members`, input);
      return `/orgs/${org}/members/${body.id}`;
    };
    const owners: string[] = [];
    for (const name of names) owners.push(await add(name));
    return { org, client, add, owners };
  }

  const ownersOf = async (org: string) =>
    (await server.services.members.all(WORK, org)).filter(({ role }) => role === 'owner').length;

  it('keeps its last owner, who can leave once there is another', async () => {
    const { org, client, add, owners } = await orgOf('ada');
    const [ada = ''] = owners;
    expectRefusal(await client.delete(ada), 409, 'member.last_owner');
    expectRefusal(await client.patch(ada, { role: 'admin' }), 409, 'member.last_owner');
    expect((await client.patch(ada, { role: 'owner' })).status).toBe(200);
    const bob = await add('bob');
    expect((await client.patch(ada, { role: 'viewer' })).status).toBe(200);
    expectRefusal(await client.delete(bob), 409, 'member.last_owner');
    expect((await client.patch(ada, { role: 'owner' })).status).toBe(200);
    expect((await client.delete(bob)).status).toBe(204);
    expect(await ownersOf(org)).toBe(1);
  });

  it('keeps its last owner from operators too', async () => {
    const { org } = await orgOf('ada');
    const { members } = server.services;
    const refused = { code: 'member.last_owner' };
    await expect(members.removeByEmail(WORK, org, 'ada@acme.com')).rejects.toMatchObject(refused);
    await expect(members.set(WORK, org, 'ada@acme.com', 'viewer')).rejects.toMatchObject(refused);
  });

  it.each([
    ['removed', (client: Client, at: string) => client.delete(at)],
    ['demoted', (client: Client, at: string) => client.patch(at, { role: 'viewer' })],
  ] as const)('keeps an owner when all owners are %s at once', async (_, leave) => {
    for (let round = 0; round < 5; round += 1) {
      const { org, client, owners } = await orgOf('ada', 'bob', 'cy');
      const answers = await Promise.all(owners.map((at) => leave(client, at)));
      const refused = answers.filter(({ status }) => status >= 300);
      expect(refused).toHaveLength(1);
      for (const answer of refused) expectRefusal(answer, 409, 'member.last_owner');
      expect(await ownersOf(org)).toBe(1);
    }
  });
});

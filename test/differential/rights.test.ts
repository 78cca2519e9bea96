import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mintApiKey } from '../../src/api-keys/token.ts';
import { type Role, SCOPES, type Scope, scopesOfRole } from '../../src/auth/rights.ts';
import { systemEffects } from '../../src/server/effects.ts';
import { Client } from '../kit/client.ts';
import { type OidcServer, startOidc } from '../kit/oidc.ts';
import { ORG } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';
import { type Site, startSite } from './world.ts';

/**
 * What changes takes effect at the next request, in every process and by both doors, whatever
 * answers they keep.
 */
let oidc: OidcServer;
let folder: string;
let site: Site;
let agents = 0;

beforeAll(async () => {
  oidc = await startOidc();
  folder = mkdtempSync(join(tmpdir(), 'agent-api-rights-'));
  site = await startSite(oidc, { STORE_URL: `lmdb:${folder}` });
});
afterAll(async () => {
  await site.stop();
  await oidc.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Three processes: two keep answers, and one executes every request. */
const urls = () => [site.kept.url, site.admin.url, site.fresh.url];
const AGENT = 'query ($agent: ID!) { org(id: "acme") { agent(id: $agent) { name version } } }';

/** How each process answers a read of the agent by each door: a name, or the code of a refusal. */
async function namesOf(agent: string, token: string): Promise<ReadonlySet<unknown>> {
  const answers = new Set<unknown>();
  for (const url of urls()) {
    const client = new Client(url, token);
    const { body } = await client.get(`/orgs/${ORG}/agents/${agent}`);
    answers.add(body.name ?? body.code);
    const { data, errors } = await client.graphql(AGENT, { agent });
    const found = (data?.org as { agent?: { name: string } } | null | undefined)?.agent;
    answers.add(found?.name ?? errors?.[0]?.extensions.code);
  }
  return answers;
}

/** Expects the same answer everywhere; the second time, answers that are kept. */
async function expectEverywhere(agent: string, token: string, answer: string): Promise<void> {
  expect(await namesOf(agent, token)).toEqual(new Set([answer]));
  expect(await namesOf(agent, token)).toEqual(new Set([answer]));
}

async function newAgent(name: string): Promise<string> {
  agents += 1;
  return site.admin.owner.createAgent({ id: `agent-${agents}`, name });
}

async function newKey(role: Role, scopes: readonly Scope[] = SCOPES, expiresAt?: string) {
  const content = { name: role, role, scopes, ...(expiresAt !== undefined && { expiresAt }) };
  const { doc, secret } = await site.admin.services.apiKeys.mint(WORK, ORG, content);
  return { id: doc.id, token: secret };
}

const by = (url: string) => new Client(url, site.admin.owner.token);

describe.each([0, 1, 2])('through process %i', (which) => {
  const writer = () => by(urls()[which] ?? '');

  it('a deleted key is refused', async () => {
    const agent = await newAgent('Anna');
    const key = await newKey('viewer');
    await expectEverywhere(agent, key.token, 'Anna');
    expect((await writer().delete(`/orgs/${ORG}/api-keys/${key.id}`)).status).toBe(204);
    await expectEverywhere(agent, key.token, 'auth.unauthenticated');
  });

  it('changed scopes of a key count', async () => {
    const agent = await newAgent('Anna');
    const key = await newKey('viewer');
    await expectEverywhere(agent, key.token, 'Anna');
    const path = `/orgs/${ORG}/api-keys/${key.id}`;
    expect((await writer().patch(path, { scopes: [] })).status).toBe(200);
    await expectEverywhere(agent, key.token, 'auth.scope_missing');
    expect((await writer().patch(path, { scopes: ['agents:read'] })).status).toBe(200);
    await expectEverywhere(agent, key.token, 'Anna');
  });

  it('a changed agent is read', async () => {
    const agent = await newAgent('Anna');
    const { token } = await newKey('viewer');
    await expectEverywhere(agent, token, 'Anna');
    await writer().patch(`/orgs/${ORG}/agents/${agent}`, { name: 'Ben' });
    await expectEverywhere(agent, token, 'Ben');
  });

  it('an agent is not found until it exists, nor once it is removed', async () => {
    const { token } = await newKey('viewer');
    agents += 1;
    const id = `agent-${agents}`;
    await expectEverywhere(id, token, 'agent.not_found');
    for (const name of ['Anna', 'Ben', 'Anna']) {
      await writer().createAgent({ id, name });
      await expectEverywhere(id, token, name);
      expect((await writer().delete(`/orgs/${ORG}/agents/${id}`)).status).toBe(200);
      await expectEverywhere(id, token, 'agent.not_found');
    }
  });

  it('an agent that is created again has another tag than the previous one', async () => {
    const { token } = await newKey('viewer');
    const id = await newAgent('Anna');
    const path = `/orgs/${ORG}/agents/${id}`;
    const tag = (await writer().get(path)).headers.get('etag') ?? '';
    await expectEverywhere(id, token, 'Anna');
    await writer().delete(path);
    await writer().createAgent({ id, name: 'Ben' });
    await expectEverywhere(id, token, 'Ben');
    for (const url of urls()) {
      const { status, body } = await by(url).get(path, { 'If-None-Match': tag });
      expect({ status, name: body.name }).toEqual({ status: 200, name: 'Ben' });
    }
  });
});

describe('in every process', () => {
  it('a key that is created again has its new rights', async () => {
    const agent = await newAgent('Anna');
    const { apiKeys } = site.admin.services;
    const secret = mintApiKey(systemEffects().random);
    const mint = (scopes: readonly Scope[]) =>
      apiKeys.mint(WORK, ORG, { name: 'again', role: 'viewer', scopes }, secret);
    for (const round of ['first', 'second']) {
      const { doc } = await mint(SCOPES);
      await expectEverywhere(agent, secret, 'Anna');
      await apiKeys.delete(WORK, ORG, doc.id);
      await expectEverywhere(agent, secret, 'auth.unauthenticated');
      const { doc: narrow } = await mint([]);
      await expectEverywhere(agent, secret, 'auth.scope_missing');
      await apiKeys.delete(WORK, ORG, narrow.id);
      expect(await namesOf(agent, secret), round).toEqual(new Set(['auth.unauthenticated']));
    }
  });

  it('a key is refused from the moment at which it expires', async () => {
    const agent = await newAgent('Anna');
    const expires = Date.now() + 3_000;
    const { token } = await newKey('viewer', SCOPES, new Date(expires).toISOString());
    for (let before = await namesOf(agent, token); Date.now() < expires; ) {
      expect(before).toEqual(new Set(['Anna']));
      before = await namesOf(agent, token);
    }
    await expectEverywhere(agent, token, 'auth.unauthenticated');
  });

  it('a member has the rights of the present role, and none after leaving', async () => {
    const agent = await newAgent('Anna');
    const { members } = site.admin.services;
    const user = { sub: 'member', email: 'member@acme.com', emailVerified: true };
    const token = await oidc.idToken(user);
    const path = `/orgs/${ORG}/api-keys`;
    for (const [role, status] of [
      ['viewer', 403],
      ['admin', 200],
      ['editor', 403],
    ] as const) {
      await members.set(WORK, ORG, user.email, role);
      expect(scopesOfRole(role)).toContain('agents:read');
      await expectEverywhere(agent, token, 'Anna');
      for (const url of [...urls(), ...urls()]) {
        expect((await new Client(url, token).get(path)).status, role).toBe(status);
      }
    }
    await members.removeByEmail(WORK, ORG, user.email);
    await expectEverywhere(agent, token, 'org.not_found');
    await members.set(WORK, ORG, user.email, 'viewer');
    await expectEverywhere(agent, token, 'Anna');
  });

  it('a session token is refused once it has expired, with 5 s of tolerance', async () => {
    const agent = await newAgent('Anna');
    const user = { sub: 'passing', email: 'passing@acme.com', emailVerified: true };
    await site.admin.services.members.set(WORK, ORG, user.email, 'viewer');
    const token = await oidc.idToken(user, { exp: Math.floor(Date.now() / 1_000) + 1 });
    await expectEverywhere(agent, token, 'Anna');
    await expect
      .poll(async () => [...(await namesOf(agent, token))], { interval: 200 })
      .toEqual(['auth.unauthenticated']);
    await expectEverywhere(agent, token, 'auth.unauthenticated');
  });
});

import { exportSPKI, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../src/auth/rights.ts';
import { Client, expectRefusal } from '../kit/client.ts';
import { OIDC_CLIENT, type OidcServer, type OidcUser, startOidc } from '../kit/oidc.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

let oidc: OidcServer;
let server: TestServer;
let count = 0;
let user: OidcUser & { email: string };

beforeAll(async () => {
  oidc = await startOidc();
  server = await startTestServer({
    OIDC_ISSUER: oidc.issuer,
    OIDC_AUDIENCE: OIDC_CLIENT.id,
  });
  await server.services.orgs.ensure(WORK, 'other', 'Other');
});
afterAll(async () => {
  await server.stop();
  await oidc.stop();
});
beforeEach(() => {
  count += 1;
  user = { sub: `user-${count}`, email: `user-${count}@acme.com`, emailVerified: true };
});

async function signIn(who: OidcUser = user, claims: Record<string, unknown> = {}) {
  return new Client(server.url, await oidc.idToken(who, claims));
}
const add = (role: Role, org = 'acme') => server.services.members.set(WORK, org, user.email, role);

describe('a member', () => {
  it('has the rights of their role', async () => {
    await add('editor');
    const client = await signIn();
    const created = await client.post('/orgs/acme/agents', { name: 'Mine' });
    expect(created.status).toBe(201);
    expectRefusal(await client.get('/orgs/acme/api-keys'), 403, 'auth.role_insufficient');
    const { viewer } = await client.query('{ viewer { id kind memberships { orgId role } } }');
    const memberships = [{ orgId: 'acme', role: 'EDITOR' }];
    expect(viewer).toEqual({ id: user.sub, kind: 'USER', memberships });
  });

  it('can belong to many orgs, and sees no other', async () => {
    await add('admin');
    await add('viewer', 'other');
    const client = await signIn();
    expect((await client.get('/orgs/acme/api-keys')).status).toBe(200);
    expect((await client.get('/orgs/other')).status).toBe(200);
    expectRefusal(await client.get('/orgs/other/api-keys'), 403, 'auth.role_insufficient');
    expectRefusal(await client.get('/orgs/third'), 404, 'org.not_found');
  });

  it('is bound for good by the first sign-in with the verified email, in any case', async () => {
    await add('viewer');
    const upperCase = { ...user, email: user.email.toUpperCase() };
    expect((await (await signIn(upperCase)).get('/orgs/acme')).status).toBe(200);
    const thief = await signIn({ ...user, sub: `${user.sub}-thief` });
    expectRefusal(await thief.get('/orgs/acme'), 404, 'org.not_found');
    const renamed = await signIn({ ...user, email: 'new@acme.com', emailVerified: false });
    expect((await renamed.get('/orgs/acme')).status).toBe(200);
  });

  it.each([
    ['false', { email_verified: false }],
    ['missing', { email_verified: undefined }],
    ['the text "true"', { email_verified: 'true' }],
  ])('is not bound when email_verified is %s', async (_, claims) => {
    await add('owner');
    expectRefusal(await (await signIn(user, claims)).get('/orgs/acme'), 404, 'org.not_found');
    expect((await (await signIn()).get('/orgs/acme')).status).toBe(200);
  });

  it('gets a new role, and loses access, at once', async () => {
    await add('viewer');
    const client = await signIn();
    expectRefusal(await client.get('/orgs/acme/api-keys'), 403, 'auth.role_insufficient');
    await add('admin');
    expect((await client.get('/orgs/acme/api-keys')).status).toBe(200);
    await server.services.members.removeByEmail(WORK, 'acme', user.email);
    expectRefusal(await client.get('/orgs/acme'), 404, 'org.not_found');
  });

  it('creates keys with no more than their own role', async () => {
    await add('admin');
    const client = await signIn();
    const input = { name: 'Mine', scopes: ['org:admin', 'agents:write'] };
    const { status, body } = await client.post('/orgs/acme/api-keys', input);
    expect(status).toBe(201);
    const { viewer } = await new Client(server.url, body.key as string).query(
      '{ viewer { memberships { role } } }',
    );
    expect(viewer).toEqual({ memberships: [{ role: 'ADMIN' }] });
  });
});

describe('a session token', () => {
  const now = () => Math.floor(Date.now() / 1000);
  const claims = () => ({
    iss: oidc.issuer,
    aud: OIDC_CLIENT.id,
    sub: user.sub,
    email: user.email,
    email_verified: true,
    exp: now() + 600,
  });
  const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

  async function published(): Promise<JWK> {
    const response = await fetch(`${oidc.issuer}/jwks`);
    const { keys } = (await response.json()) as { keys: [JWK] };
    return keys[0];
  }

  async function signedWithPublicKey(form: 'spki' | 'n'): Promise<string> {
    const jwk = await published();
    const key = (await importJWK(jwk, 'RS256', { extractable: true })) as CryptoKey;
    const secret = form === 'spki' ? await exportSPKI(key) : (jwk.n ?? '');
    return new SignJWT(claims())
      .setProtectedHeader({ alg: 'HS256', kid: jwk.kid ?? '' })
      .sign(new TextEncoder().encode(secret));
  }

  async function signedByStranger(kid: string): Promise<string> {
    const { privateKey } = await generateKeyPair('RS256');
    return new SignJWT(claims()).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);
  }

  it.each<[string, () => Promise<string>]>([
    ['that has expired', () => oidc.idToken(user, { exp: now() - 60 })],
    ['without an expiry', () => oidc.idToken(user, { exp: undefined })],
    ['that is not yet valid', () => oidc.idToken(user, { nbf: now() + 600 })],
    ['for another audience', () => oidc.idToken(user, { aud: 'someone-else' })],
    ['for no audience', () => oidc.idToken(user, { aud: undefined })],
    ['issued to another party', () => oidc.idToken(user, { aud: [OIDC_CLIENT.id, 'x'], azp: 'x' })],
    ['from another issuer', () => oidc.idToken(user, { iss: 'https://evil.example' })],
    ['without a subject', () => oidc.idToken(user, { sub: undefined })],
    ['without a signature', async () => `${base64({ alg: 'none' })}.${base64(claims())}.`],
    ['signed with the public key as a secret, PEM', () => signedWithPublicKey('spki')],
    ['signed with the public key as a secret, modulus', () => signedWithPublicKey('n')],
    [
      'signed by a stranger under a known kid',
      async () => signedByStranger((await published()).kid ?? ''),
    ],
    ['with an unknown kid', () => signedByStranger('unknown')],
    [
      'with a changed payload',
      async () => {
        const [head, , signature] = (await oidc.idToken(user)).split('.');
        return `${head}.${base64({ ...claims(), sub: 'user-0' })}.${signature}`;
      },
    ],
    ['that is not a JWT', async () => 'not.a.token'],
  ])('%s is refused', async (_, make) => {
    await add('owner');
    const answer = await new Client(server.url, await make()).get('/orgs/acme');
    expectRefusal(answer, 401, 'auth.unauthenticated');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect((await (await signIn()).get('/orgs/acme')).status).toBe(200);
  });
});

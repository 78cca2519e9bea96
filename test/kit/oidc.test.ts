import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OIDC_CLIENT, type OidcServer, startOidc } from './oidc.ts';

let oidc: OidcServer;
beforeAll(async () => {
  oidc = await startOidc(['calendar']);
});
afterAll(() => oidc.stop());

it('signs ID tokens that its published keys verify', async () => {
  const discovery = await fetch(`${oidc.issuer}/.well-known/openid-configuration`);
  const { jwks_uri, issuer } = (await discovery.json()) as { jwks_uri: string; issuer: string };
  const token = await oidc.idToken({ sub: 'u1', email: 'u1@acme.com', emailVerified: true });
  const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(jwks_uri)), {
    issuer,
    audience: OIDC_CLIENT.id,
  });
  expect(payload).toMatchObject({ sub: 'u1', email: 'u1@acme.com', email_verified: true });
});

it.each([
  ['approve', 'code'],
  ['refuse', 'error'],
] as const)('redirects to the client when the user chooses to %s', async (answer, parameter) => {
  oidc.answer = answer;
  const url = new URL(`${oidc.issuer}/auth`);
  url.search = new URLSearchParams({
    client_id: OIDC_CLIENT.id,
    response_type: 'code',
    scope: 'calendar',
    redirect_uri: 'http://127.0.0.1:4711/v1/oauth/callback',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    state: 'xyz',
  }).toString();
  const callback = await oidc.browse(url.href);
  expect(callback.host).toBe('127.0.0.1:4711');
  expect(callback.searchParams.has(parameter)).toBe(true);
  expect(callback.searchParams.get('state')).toBe('xyz');
});

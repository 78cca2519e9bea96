import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { Client, expectRefusal } from '../kit/client.ts';
import { OIDC_CLIENT, type OidcServer, startOidc } from '../kit/oidc.ts';
import { startTestServer } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

let oidc: OidcServer;
const user = { sub: 'user-1', email: 'user-1@acme.com', emailVerified: true };
const settings = (issuer: string) => ({ OIDC_ISSUER: issuer, OIDC_AUDIENCE: OIDC_CLIENT.id });

beforeAll(async () => {
  oidc = await startOidc();
});
afterAll(() => oidc.stop());

// The tests wait for timeouts and pauses: concurrently, they take as long as the slowest.
describe.concurrent('the OIDC issuer', () => {
  it('is trusted with its new keys and not with its old ones', async ({ expect }) => {
    const provider = await startOidc();
    const fresh = await startTestServer(settings(provider.issuer));
    await fresh.services.members.set(WORK, 'acme', user.email, 'viewer');
    const askWith = async (token: string) =>
      (await new Client(fresh.url, token).get('/orgs/acme')).status;
    const ask = async () => askWith(await provider.idToken(user));
    const old = await provider.idToken(user);
    expect(await askWith(old)).toBe(200);
    await provider.rotateKeys();
    await expect.poll(ask, { interval: 500 }).toBe(200);
    expect(await askWith(old)).toBe(401);
    await fresh.stop();
    await provider.stop();
  });

  it('gives 401 while it is down, and is used again when it is back', async ({ expect }) => {
    const provider = await startOidc();
    const fresh = await startTestServer(settings(provider.issuer));
    await fresh.services.members.set(WORK, 'acme', user.email, 'viewer');
    const client = new Client(fresh.url, await provider.idToken(user));
    await provider.pause();
    expectRefusal(await client.get('/orgs/acme'), 401, 'auth.unauthenticated');
    expect((await fresh.owner.get('/orgs/acme')).status).toBe(200);
    await provider.resume();
    const ask = async () => (await client.get('/orgs/acme')).status;
    await expect.poll(ask, { interval: 500 }).toBe(200);
    await fresh.stop();
    await provider.stop();
  });

  it.each([
    ['never answers', () => undefined],
    ['sends HTML', (end: (text: string) => void) => end('<html>')],
    [
      'names another issuer',
      (end: (text: string) => void) => end('{"issuer":"https://x","jwks_uri":"x"}'),
    ],
  ])('gives 401 when it %s', async (_, answer) => {
    const fake = createServer((_request, response) => answer((text) => response.end(text)));
    await new Promise<void>((resolve) => fake.listen(0, '127.0.0.1', resolve));
    const { port } = fake.address() as AddressInfo;
    const issuer = `http://127.0.0.1:${port}`;
    const fresh = await startTestServer(settings(issuer));
    const client = new Client(fresh.url, await oidc.idToken(user, { iss: issuer }));
    expectRefusal(await client.get('/orgs/acme'), 401, 'auth.unauthenticated');
    await fresh.stop();
    fake.closeAllConnections();
    await new Promise((resolve) => fake.close(resolve));
  });

  it('gives 401 to session tokens when it is not configured', async () => {
    const bare = await startTestServer();
    const client = new Client(bare.url, await oidc.idToken(user));
    expectRefusal(await client.get('/orgs/acme'), 401, 'auth.unauthenticated');
    await bare.stop();
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { type Answer, Client, expectRefusal } from '../kit/client.ts';
import { startOAuthBench } from '../kit/oauth.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function start(environment: Readonly<Record<string, string>>): Promise<TestServer> {
  server = await startTestServer(environment);
  return server;
}

/** Sends requests one after the other until one is refused with 429. */
async function refusedAfter(send: () => Promise<Answer>, most: number) {
  for (let served = 0; served <= most; served += 1) {
    const answer = await send();
    if (answer.status === 429) return { served, answer };
  }
  throw new Error(`${most} requests were served`);
}

describe('a principal', () => {
  it('is refused with 429 and Retry-After once its requests are used up, and no other is', async () => {
    const { owner, as } = await start({ RATE_LIMIT_PRINCIPAL: '10' });
    const other = await as('viewer');
    const { served, answer } = await refusedAfter(() => owner.get('/orgs/acme'), 20);
    expect(served).toBe(10);
    expectRefusal(answer, 429, 'request.rate_limited');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(answer.headers.get('ratelimit-policy')).toBe('"principal";q=10;w=60');
    expect(answer.headers.get('ratelimit')).toMatch(/^"principal";r=0;t=\d+$/);
    expect((await other.get('/orgs/acme')).status).toBe(200);
  });

  it('is counted over both doors, for kept answers too, and refused in the form of GraphQL', async () => {
    const { owner } = await start({ RATE_LIMIT_PRINCIPAL: '6' });
    for (let i = 0; i < 3; i += 1) await owner.get('/orgs/acme');
    const query = '{ org(id: "acme") { name } }';
    for (let i = 0; i < 3; i += 1) expect((await owner.graphql(query)).errors).toBeUndefined();
    const refused = await owner.request('POST', '/graphql', { query });
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(refused.body).toMatchObject({
      errors: [{ extensions: { code: 'request.rate_limited', statusCode: 429 } }],
    });
  });

  it('is shown what is left by every answer', async () => {
    const { owner } = await start({ RATE_LIMIT_PRINCIPAL: '100', RATE_LIMIT_ORG: '0' });
    const first = await owner.get('/orgs/acme');
    const second = await owner.get('/orgs/acme/agents/none-such');
    const left = ({ headers }: Answer) =>
      Number(/;r=(\d+);/.exec(headers.get('ratelimit') ?? '')?.[1]);
    expect([left(first), left(second)]).toEqual([99, 98]);
  });
});

it('the keys of an org share its limit', async () => {
  const { as } = await start({ RATE_LIMIT_ORG: '8' });
  const keys = [await as('viewer'), await as('viewer')];
  let next = 0;
  const { served, answer } = await refusedAfter(() => {
    next += 1;
    return (keys[next % 2] ?? new Client('')).get('/orgs/acme');
  }, 20);
  expect(served).toBe(8);
  expect(answer.body.message).toContain('requests to this org');
});

it('requests without a token share the limit of their address', async () => {
  const { anonymous, owner } = await start({ RATE_LIMIT_ADDRESS: '5' });
  const { served } = await refusedAfter(() => anonymous.get('/orgs/acme'), 20);
  expect(served).toBe(5);
  expect((await owner.get('/orgs/acme')).status).toBe(200);
});

describe('an address that sends bad tokens', () => {
  it('is refused before its tokens are looked at, while known tokens are served', async () => {
    const { owner, url } = await start({ RATE_LIMIT_REFUSED_TOKENS: '5' });
    await owner.get('/orgs/acme');
    const guessing = new Client(url, 'sk-any-api01-guessed');
    const { served, answer } = await refusedAfter(() => guessing.get('/orgs/acme'), 20);
    expect(served).toBe(5);
    expect(answer.body.message).toContain('refused tokens from this address');
    expect((await owner.get('/orgs/acme')).status).toBe(200);
  });

  it('is the one that the last trusted proxy names; what the client writes is ignored', async () => {
    const { url } = await start({ RATE_LIMIT_REFUSED_TOKENS: '3', TRUSTED_PROXIES: '1' });
    const guessing = new Client(url, 'sk-any-api01-guessed');
    let forged = 0;
    const from = (address: string) => () => {
      forged += 1;
      const forwarded = `10.0.0.${forged}, ${address}`;
      return guessing.get('/orgs/acme', { 'X-Forwarded-For': forwarded });
    };
    expect((await refusedAfter(from('192.0.2.1'), 9)).served).toBe(3);
    expect((await from('192.0.2.2')()).status).toBe(401);
    // One client has a whole /64.
    expect((await refusedAfter(from('2001:db8:1:2::7'), 9)).served).toBe(3);
    expect((await from('2001:db8:1:2::8')()).status).toBe(429);
  });
});

it('0 turns a limit off', async () => {
  const { owner } = await start({ RATE_LIMIT_PRINCIPAL: '0', RATE_LIMIT_ORG: '0' });
  const answer = await owner.get('/orgs/acme');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('ratelimit')).toBeNull();
});

it('a principal begins a few OAuth grants a minute', async () => {
  const bench = await startOAuthBench({ RATE_LIMIT_OAUTH_STARTS: '3' });
  try {
    const { owner } = bench.server;
    const { oauth } = await bench.bindCalendar();
    const { served, answer } = await refusedAfter(() => owner.post(`${oauth}/start`, {}), 9);
    expect(served).toBe(3);
    expectRefusal(answer, 429, 'request.rate_limited');
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    // Other requests of the token are served.
    expect((await owner.get('/orgs/acme')).status).toBe(200);
  } finally {
    await bench.stop();
  }
});

it("visits to the page of OAuth's callback share the limit of their address", async () => {
  const { anonymous } = await start({ RATE_LIMIT_ADDRESS: '3' });
  const visit = () => anonymous.get('/oauth/callback?state=guessed');
  expect((await refusedAfter(visit, 9)).served).toBe(3);
});

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, expectRefusal } from '../kit/client.ts';
import { type StoreProxy, startProxy } from '../kit/proxy.ts';
import { hasSecantus, type Secantus, startSecantus } from '../kit/secantus.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

const SECRETS_KEY = Buffer.alloc(32, 7).toString('base64');
/** Requests that one principal may have under way: a quarter of MAX_REQUESTS. */
const SHARE = 20;

/** Expects success or a 503 with a code and Retry-After: no store failure may show otherwise. */
function expectSuccessOr503(answer: Answer): void {
  if (answer.status === 200) return;
  expect(answer.status, JSON.stringify(answer.body)).toBe(503);
  expect(['store.unavailable', 'request.timeout', 'server.busy']).toContain(answer.body.code);
  expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
}

describe.skipIf(!hasSecantus())('a server whose MongoDB store fails', () => {
  let folder: string;
  let store: Secantus;
  let proxy: StoreProxy;
  let server: TestServer;
  let agent: string;

  const start = (settings: Readonly<Record<string, string>> = {}) =>
    startTestServer({
      STORE_URL: `mongodb://127.0.0.1:${proxy.port}/t${randomUUID().slice(0, 8)}?directConnection=true`,
      SECRETS_KEY,
      MAX_REQUESTS: String(4 * SHARE),
      ...settings,
    });
  const ready = async () => (await server.anonymous.request('GET', '/readyz')).status;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
    store = await startSecantus(folder);
  });
  afterAll(async () => {
    await store.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    proxy = await startProxy(store.port);
  });
  afterEach(async () => {
    proxy.up();
    await server.stop();
    await proxy.close();
  });

  async function createAgent() {
    agent = `/orgs/acme/agents/${await server.owner.createAgent({ name: 'before' })}`;
  }

  /** A whole share of requests at once succeeds: none from before is still counted. */
  async function expectRecovered() {
    await expect.poll(ready).toBe(200);
    await expect
      .poll(async () => (await server.owner.patch(agent, { name: 'after' })).status)
      .toBe(200);
    const all = Array.from({ length: SHARE }, () => server.owner.get(agent));
    for (const { status } of await Promise.all(all)) expect(status).toBe(200);
  }

  it('answers 503 and is not ready while the store is down, and then serves again', async () => {
    server = await start();
    await createAgent();
    expect(await ready()).toBe(200);
    proxy.cut('down');
    const [read, write, query, probe] = await Promise.all([
      server.owner.get(agent),
      server.owner.patch(agent, { name: 'lost' }),
      server.owner.graphql('{ org(id: "acme") { name } }'),
      server.anonymous.request('GET', '/readyz'),
    ]);
    for (const answer of [read, write]) expectRefusal(answer, 503, 'store.unavailable');
    expectRefusal(probe, 503, 'store.unavailable', ['store']);
    for (const answer of [read, write, probe]) {
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    }
    expect(query.errors?.[0]?.extensions).toMatchObject({
      code: 'store.unavailable',
      statusCode: 503,
    });
    // More than the share, while nothing answers.
    const crowd = Array.from({ length: 3 * SHARE }, () => server.owner.get(agent));
    for (const answer of await Promise.all(crowd))
      expectRefusal(answer, 503, String(answer.body.code));
    expect((await server.anonymous.request('GET', '/livez')).status).toBe(200);
    proxy.up();
    await expectRecovered();
  });

  it('keeps every acknowledged write when the store is killed and restarted', async () => {
    server = await start();
    await createAgent();
    await server.owner.patch(agent, { description: 'acknowledged' });
    await store.kill('SIGKILL');
    expectRefusal(await server.owner.get(agent), 503, 'store.unavailable');
    expect(await ready()).toBe(503);
    store = await startSecantus(folder, store.port);
    await expectRecovered();
    expect((await server.owner.get(agent)).body.description).toBe('acknowledged');
  });

  it('answers at the deadline while the store is silent, and then recovers', async () => {
    server = await start({ REQUEST_TIMEOUT_MS: '1500' });
    await createAgent();
    proxy.hold();
    const held = Array.from({ length: SHARE }, (_, i) =>
      i % 2 ? server.owner.get(agent) : server.owner.patch(agent, { name: `held ${i}` }),
    );
    for (const answer of await Promise.all(held)) expectSuccessOr503(answer);
    expect(await ready()).toBe(503);
    proxy.up();
    await expectRecovered();
  });

  it('waits for a slow store', async () => {
    server = await start();
    await createAgent();
    proxy.delay(150);
    const names = ['a', 'b', 'c', 'd'];
    const answers = await Promise.all(names.map((name) => server.owner.patch(agent, { name })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    proxy.delay(0);
    await expectRecovered();
  });

  it('applies each acknowledged write once when connections drop during writes', async () => {
    server = await start();
    await createAgent();
    let acknowledged = 0;
    let sent = 0;
    let on = true;
    const writer = async (id: number) => {
      for (let i = 0; on; i += 1) {
        sent += 1;
        const answer = await server.owner.patch(agent, { name: `${id}/${i}` });
        expectSuccessOr503(answer);
        if (answer.status === 200) acknowledged += 1;
      }
    };
    const writers = [1, 2, 3, 4].map(writer);
    for (let cut = 0; cut < 8; cut += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 200));
      proxy.cut();
    }
    on = false;
    await Promise.all(writers);
    const { headers } = await server.owner.get(agent);
    const writes = Number(/\d+/.exec(headers.get('etag') ?? '')?.[0]) - 1;
    expect(acknowledged).toBeGreaterThan(0);
    expect(writes).toBeGreaterThanOrEqual(acknowledged);
    expect(writes).toBeLessThanOrEqual(sent);
    await expectRecovered();
  });
});

import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { openServices } from '../../src/server/compose.ts';
import { expectRefusal } from '../kit/client.ts';
import { keptLogs } from '../kit/logs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { sharedStore } from '../kit/store.ts';

const keyOf = (fill: number) => Buffer.alloc(32, fill).toString('base64');

let server: TestServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const probe = ({ anonymous }: TestServer) => anonymous.request('GET', '/readyz');

/** Keeps the event loop, as a long calculation does. */
function keepLoop(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('/readyz', () => {
  it('has no reasons while nothing is wrong', async () => {
    server = await startTestServer();
    expect((await probe(server)).body).toEqual({ status: 'ready' });
  });

  it('names a late event loop, and stays ready: fairness serves the others', async () => {
    server = await startTestServer({ MAX_LOOP_DELAY_MS: '1' });
    // Once it has measured.
    await probe(server);
    keepLoop(2_000);
    const { status, body } = await probe(server);
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'ready',
      warnings: [{ path: 'eventLoop', message: expect.stringContaining('is late') }],
    });
  });

  it('is 503 if the store does not answer within its time, and names every other reason too', async () => {
    let hangs = false;
    server = await startTestServer({ MAX_LOOP_DELAY_MS: '1' }, async (...args) => {
      const open = await openServices(...args);
      const { store } = open;
      const ping = store.ping.bind(store);
      store.ping = () => (hangs ? new Promise(() => undefined) : ping());
      return open;
    });
    await probe(server);
    hangs = true;
    keepLoop(1_000);
    const refused = await probe(server);
    expectRefusal(refused, 503, 'store.unavailable', ['store', 'eventLoop']);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    hangs = false;
    expect((await probe(server)).status).toBe(200);
  });
});

describe('secrets that no given key opens', () => {
  const shared = sharedStore();
  afterAll(() => shared.remove());

  it('are a warning of /readyz and of the log, by the id of the key', async () => {
    server = await startTestServer({ ...shared.environment, SECRETS_KEY: keyOf(1) });
    const url = 'https://hooks.example.com/in';
    expect(
      (await server.owner.post('/orgs/acme/webhooks', { url, events: ['agent.created'] })).status,
    ).toBe(201);
    expect((await probe(server)).body).toEqual({ status: 'ready' });
    await server.stop();

    const { logs, lines } = keptLogs();
    server = await startTestServer(
      { ...shared.environment, SECRETS_KEY: keyOf(2), ALLOW_UNREADABLE_SECRETS: '1' },
      undefined,
      logs,
    );
    const { status, body } = await probe(server);
    expect(status).toBe(200);
    expect(body.warnings).toEqual([
      { path: 'secrets', message: expect.stringMatching(/ key [0-9a-f]{16}$/) },
    ]);
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'warn', keys: [expect.stringMatching(/^[0-9a-f]{16}$/)] }),
    );
  });
});

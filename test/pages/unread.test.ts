import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from '../kit/client.ts';
import { API_KEY, type RunningProcess, startCommand } from '../kit/process.ts';

const CONNECTIONS = 100;
const HEAP_MB = 512;

let running: RunningProcess;
const sockets: Socket[] = [];

beforeAll(async () => {
  const command = [process.execPath, `--max-old-space-size=${HEAP_MB}`, 'dist/agent-api.js'];
  running = await startCommand([...command, 'serve'], {
    STORE_URL: 'lmdb::memory:',
    DEMO_DATA: '0',
    BOOTSTRAP_API_KEY: API_KEY,
    // Less than the file: one unread answer that counted would leave no room.
    MAX_BYTES_UNDER_WAY: '1000000',
  });
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await running?.stop('SIGKILL');
});

/** The resident memory of the process, in MB. */
function residentMb(): number {
  const status = readFileSync(`/proc/${running.child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

/** Sends a request and never reads its answer. */
async function leaveUnread(path: string): Promise<void> {
  const { hostname, port } = new URL(running.url);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.pause();
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  const head = `GET ${path} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n`;
  await new Promise<void>((resolve) => socket.write(head, () => resolve()));
}

it(`answers others while ${CONNECTIONS} anonymous clients leave the largest file unread`, async () => {
  const client = new Client(running.url, API_KEY);
  const { body } = await client.request('GET', '/graphql', undefined, { Accept: 'text/html' });
  const script = /\/graphiql\/graphiql\.\w+\.js/.exec(String(body))?.[0] ?? '';
  const whole = { 'Accept-Encoding': 'identity' };
  const { headers } = await client.request('HEAD', script, undefined, whole);
  expect(Number(headers.get('content-length'))).toBeGreaterThan(5_000_000);
  const before = residentMb();

  for (let i = 0; i < CONNECTIONS; i += 1) {
    await leaveUnread(i % 10 === 0 ? '/graphql' : script);
  }

  expect((await client.request('GET', '/readyz')).status).toBe(200);
  const id = await client.createAgent();
  expect((await client.get(`/orgs/acme/agents/${id}`)).status).toBe(200);
  expect(await client.query('{ viewer { name } }')).toEqual({ viewer: { name: 'Bootstrap' } });
  expect((await client.request('GET', script)).status).toBe(200);
  expect(running.child.exitCode).toBeNull();
  // A copy for each of them would be 500 MB.
  expect(residentMb() - before).toBeLessThan(150);
});

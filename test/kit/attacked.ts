import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { Client } from './client.ts';
import { type RunningProcess, startCommand } from './process.ts';

const KEY = 'sk-any-api01-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA14jZRd';
const HEAP_MEBIBYTES = 512;

/** What `loop-monitor.mjs` prints. */
interface LoopReport {
  /** The longest time in which nothing else could run. */
  readonly blockedMs: number;
  /** How long a loop of 20 ms takes on this machine now. */
  readonly calibrationMs: number;
  readonly rssMebibytes: number;
}

/** The built server on a small heap, watched while it is attacked. */
export interface Attacked extends RunningProcess {
  readonly owner: Client;
  readonly anonymous: Client;
  /** A new key in the org, with all of its scopes. */
  key(): Promise<{ readonly id: string; readonly client: Client }>;
  /** What the loop did since the last report. */
  report(): Promise<LoopReport>;
  /** A connection that has sent this, and reads nothing. */
  unread(head: string): Promise<Socket>;
  alive(): boolean;
}

export async function startAttacked(
  environment: Readonly<Record<string, string>> = {},
): Promise<Attacked> {
  const monitor = fileURLToPath(new URL('./loop-monitor.mjs', import.meta.url));
  const node = [process.execPath, `--max-old-space-size=${HEAP_MEBIBYTES}`, '--import', monitor];
  // Not `:memory:`: a server that is killed does not remove its folder.
  const folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
  const running = await startCommand([...node, 'dist/agent-api.js', 'serve'], {
    STORE_URL: `lmdb:${folder}`,
    BOOTSTRAP_API_KEY: KEY,
    DEMO_DATA: '0',
    ...environment,
  });
  const { child, url, output } = running;
  const owner = new Client(url, KEY);
  const { port } = new URL(url);
  let reports = 0;
  return {
    ...running,
    async stop(signal) {
      const ended = await running.stop(signal);
      rmSync(folder, { recursive: true, force: true });
      return ended;
    },
    owner,
    anonymous: new Client(url),
    async key() {
      const scopes = ['agents:read', 'people:read', 'messages:read', 'catalogs:read'];
      const { body } = await owner.post('/orgs/acme/api-keys', { name: 'Attacker', scopes });
      return { id: String(body.id), client: new Client(url, String(body.key)) };
    },
    async report() {
      child.kill('SIGUSR2');
      reports += 1;
      const all = () => [...output().matchAll(/^loop (\{.*\})$/gm)];
      await expect.poll(() => all().length).toBe(reports);
      return JSON.parse(all().at(-1)?.[1] ?? '') as LoopReport;
    },
    async unread(head) {
      const socket = connect(Number(port), '127.0.0.1');
      socket.pause();
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(head);
      return socket;
    },
    alive: () => child.exitCode === null && child.signalCode === null,
  };
}

/** A request as bytes, for a connection that does not read. */
export function rawPost(
  path: string,
  token: string | undefined,
  body: string,
  headers = '',
): string {
  const authorization = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`;
  const length = Buffer.byteLength(body);
  return `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${authorization}${headers}Content-Length: ${length}\r\n\r\n${body}`;
}

/** Finds out without reading: what is written to a connection that has ended comes back. */
export function isClosed(socket: Socket): boolean {
  if (!socket.closed) socket.write('\r\n');
  return socket.closed;
}

/** Fails when the loop was blocked for seconds, also on a machine that is slow now. */
export async function expectFree(attacked: Attacked): Promise<void> {
  const { blockedMs, calibrationMs } = await attacked.report();
  expect(blockedMs).toBeLessThan(500 + 20 * calibrationMs);
}

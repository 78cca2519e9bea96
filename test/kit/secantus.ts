import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { MongoClient } from 'mongodb';
import { pythonWith } from './python.ts';

/** SecantusDB speaks MongoDB's protocol over WiredTiger; tests alone use it. */
const VERSION = '0.7.0b3';
const FOLDER = '.cache/secantusdb';
const PROGRAM = `${FOLDER}/bin/secantusd-py`;
const MAX_READY_MS = 30_000;

/**
 * Installs the server in a virtual environment of its own.
 *
 * @throws Error if it cannot be installed
 */
export async function installSecantus(): Promise<void> {
  await pythonWith(FOLDER, { secantusdb: VERSION });
}

/** Whether it was installed. */
export function hasSecantus(): boolean {
  return existsSync(PROGRAM);
}

/** A MongoDB-compatible server as a process of its own. */
export interface Secantus {
  readonly url: string;
  readonly port: number;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * Starts the server and waits until it answers.
 *
 * @param storage the folder of its data; a throw-away one when left out
 * @param port a free one when left out
 * @param options of its command line, beside those
 */
export async function startSecantus(
  storage = ':memory:',
  port?: number,
  options: readonly string[] = [],
): Promise<Secantus> {
  const at = port ?? (await freePort());
  const child = spawn(
    PROGRAM,
    [
      ...['--host', '127.0.0.1', '--port', String(at)],
      ...['--storage-path', storage, ...(storage === ':memory:' ? [] : ['--sync-on-commit'])],
      ...options,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => {
    printed = (printed + chunk.toString()).slice(-4_000);
  });
  const url = `mongodb://127.0.0.1:${at}/`;
  try {
    await answering(url, child);
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(`SecantusDB does not answer:\n${printed}`, { cause: error });
  }
  return {
    url,
    port: at,
    async kill(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`it ended with ${code}`);
  });
  const client = new MongoClient(url, { serverSelectionTimeoutMS: MAX_READY_MS });
  try {
    await Promise.race([client.db('admin').command({ ping: 1 }), ended]);
  } finally {
    ended.catch(() => undefined);
    await client.close();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

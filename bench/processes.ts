import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuMicros } from './cpu.ts';
import { nodeFlags, npmStartArguments } from './npm-start.ts';

/** A server under measurement. */
export interface Running {
  readonly pid: number;
  readonly origin: string;
  stop(): Promise<void>;
}

/** This project's server. */
export interface Project extends Running {
  /** What it took until it was ready. */
  readonly start: { readonly cpuSeconds: number; readonly seconds: number };
  /** Where the inspector listens, if it was asked for. */
  readonly inspector: string | undefined;
}

const MAX_START_MS = 60_000;
const MAX_STOP_MS = 20_000;
const READY = /ready at (http:\/\/[^\s"]+)/;
const INSPECTOR = /ws:\/\/\S+/;

/** Runs work in a temporary folder that is removed after it. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-api-bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    return await work(folder);
  } finally {
    process.off('exit', remove);
    remove();
  }
}

/**
 * Starts the built server as `npm start` does, on settings that only the environment given
 * here changes. Its log is read, as it is where it runs, and kept nowhere.
 *
 * @param flags for node, before those of `npm start`
 * @throws Error when it ends, or is not ready within a minute
 */
export async function startProject(
  environment: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): Promise<Project> {
  const began = performance.now();
  const child = spawn(process.execPath, [...flags, ...npmStartArguments()], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: '0',
      // Counted as by default; the load of a benchmark would exceed them.
      RATE_LIMIT_PRINCIPAL: '999999999',
      RATE_LIMIT_ORG: '999999999',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = child.pid ?? 0;
  const ended = endOf(child);
  try {
    const { origin, printed } = await readyLine(child);
    const start = { cpuSeconds: cpuMicros(pid) / 1e6, seconds: (performance.now() - began) / 1e3 };
    return { pid, origin, start, inspector: INSPECTOR.exec(printed())?.[0], stop: ended };
  } catch (error) {
    await ended();
    throw error;
  }
}

async function readyLine(child: ChildProcess) {
  let text = '';
  const { promise, resolve, reject } = deferred<string>();
  const read = (chunk: Buffer) => {
    // Once it is ready the log is still read, so that the server never waits for its reader.
    if (READY.test(text)) return;
    text += chunk.toString();
    const origin = READY.exec(text)?.[1];
    if (origin !== undefined) resolve(origin);
  };
  child.stdout?.on('data', read);
  child.stderr?.on('data', read);
  child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${text}`)));
  const late = setTimeout(
    () => reject(new Error(`the server is not ready after ${MAX_START_MS} ms:\n${text}`)),
    MAX_START_MS,
  );
  try {
    return { origin: await promise, printed: () => text };
  } finally {
    clearTimeout(late);
  }
}

/** The servers beside the project's, in this program: they get their data over the channel. */
export type Peer = 'bare' | 'fastify';

/** Starts a peer with node's flags of `npm start` and its data. */
export async function startPeer(peer: Peer, data: unknown): Promise<Running> {
  const child = fork(process.argv[1] ?? '', [peer], {
    execArgv: [...nodeFlags(npmStartArguments())],
  });
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`the ${peer} server ended with ${code}`);
  });
  // Once it listens, the load notices when it ends.
  failed.catch(() => undefined);
  child.send({ data });
  const [{ port }] = (await Promise.race([once(child, 'message'), failed])) as [{ port: number }];
  return { pid: child.pid ?? 0, origin: `http://127.0.0.1:${port}`, stop: endOf(child) };
}

/** Ends a child and waits for it; the driver's own end, however it comes, ends it too. */
function endOf(child: ChildProcess): () => Promise<void> {
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'exit');
  ended.then(() => process.off('exit', kill));
  return async () => {
    child.kill('SIGTERM');
    const late = setTimeout(kill, MAX_STOP_MS);
    await ended;
    clearTimeout(late);
  };
}

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { UNREACHED_LIMITS } from './limits.ts';

/** The built program, running as its own process. */
export interface RunningProcess {
  readonly child: ChildProcess;
  readonly url: string;
  /** Everything printed so far, on stdout and stderr. */
  output(): string;
  /** Sends the signal and waits for the exit. @returns the exit code, or the signal that ended it */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

/** A well-formed key for `BOOTSTRAP_API_KEY`. */
export const API_KEY = 'sk-any-api01-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA14jZRd';

const READY = /ready at (http:\/\/[^\s"]+)/;

/** Marks every process that a test starts with the id of the worker: see `setup.ts`. */
export const TEST_WORKER = 'TEST_WORKER';

/** The environment of a child process, without this process's settings. */
export function childEnvironment(environment: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { PATH, HOME, [TEST_WORKER]: worker } = process.env;
  return { PATH, HOME, [TEST_WORKER]: worker, ...environment };
}

/**
 * Starts `agent-api serve` on a free port and waits until it is ready.
 *
 * @param wrapper a command that runs the program in its arguments, such as `prlimit`
 */
export function startProcess(
  environment: Readonly<Record<string, string>>,
  wrapper: readonly string[] = [],
): Promise<RunningProcess> {
  return startCommand([...wrapper, process.execPath, 'dist/agent-api.js', 'serve'], environment);
}

/** Like `startProcess`, with any command that runs `agent-api serve`. */
export async function startCommand(
  [program = '', ...args]: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<RunningProcess> {
  const child = spawn(program, args, {
    env: childEnvironment({
      PORT: '0',
      STOP_DELAY_MS: '20',
      ...UNREACHED_LIMITS,
      ...environment,
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const ended = once(child, 'exit').then(
    ([code, signal]) => (code ?? signal) as number | NodeJS.Signals,
  );
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      const ready = READY.exec(printed)?.[1];
      if (ready) resolve(ready);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    ended.then((code) => reject(new Error(`ended with ${code} before it was ready:\n${printed}`)));
  });
  return {
    child,
    url,
    output: () => printed,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}

/** The result of a command. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const MAX_COMMAND_MS = 45_000;

/** Runs `agent-api` with these arguments until it exits. */
export function runCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  const options = { env: childEnvironment(environment), timeout: MAX_COMMAND_MS };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['dist/agent-api.js', ...args],
      options,
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type CommandResult, childEnvironment } from './process.ts';

/** A line that waits for an answer. */
const QUESTION = /Token: |.*\[y\/N\] /;

const PROGRAM = resolve('dist/agent-api.js');

/** A user of the command line, with a home and a temporary folder of their own. */
export class User {
  readonly home = mkdtempSync(join(tmpdir(), 'agent-api-user-'));
  readonly env: NodeJS.ProcessEnv;

  constructor(environment: Readonly<Record<string, string>> = {}) {
    this.env = {
      ...childEnvironment({ XDG_CONFIG_HOME: join(this.home, 'config'), ...environment }),
      HOME: this.home,
    };
  }

  /** Runs `agent-api` in a folder until it exits. @param stdin what it reads; by default nothing */
  run(folder: string, args: readonly string[], stdin = ''): Promise<CommandResult> {
    return new Promise((done) => {
      const options = { cwd: folder, env: this.env, maxBuffer: 64 * 1024 * 1024 };
      const child = execFile(process.execPath, [PROGRAM, ...args], options, (_, stdout, stderr) =>
        done({ code: child.exitCode ?? -1, stdout, stderr }),
      );
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(stdin);
    });
  }

  /**
   * Runs `agent-api` on a terminal (of `script`, util-linux) until it exits.
   *
   * @param answerTo called once, with the question; returns what is typed
   * @returns the exit code, and what the terminal shows
   */
  async runOnTerminal(
    folder: string,
    args: readonly string[],
    answerTo: (question: string) => string | Promise<string>,
  ): Promise<{ readonly code: number | null; readonly shown: string }> {
    const command = [process.execPath, PROGRAM, ...args].map((it) => `'${it}'`).join(' ');
    const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: folder, env: this.env });
    let shown = '';
    let question: string | undefined;
    child.stdout.on('data', async (chunk) => {
      shown += chunk;
      const [found] = question === undefined ? (QUESTION.exec(shown) ?? []) : [];
      if (found === undefined) return;
      question = found;
      child.stdin.write(await answerTo(found));
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, shown };
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

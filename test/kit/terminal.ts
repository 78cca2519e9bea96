import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type CommandResult, childEnvironment } from './process.ts';

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

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

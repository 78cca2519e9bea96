import { Command } from 'commander';
import { problemsOfDocument } from '../../src/cli/document-problems.ts';
import { addClient } from '../../src/client/index.ts';
import type { CommandResult } from '../kit/process.ts';

let isRunning = false;

/**
 * Runs a command of the client in this process, which is several times cheaper than one of its own.
 * A command that reads stdin, or that runs beside another, needs a process: `User.run`.
 *
 * @throws Error if another command runs in this process
 */
export async function runInProcess(
  folder: string,
  env: NodeJS.ProcessEnv,
  args: readonly string[],
): Promise<CommandResult> {
  if (isRunning) throw new Error('one command runs in this process at a time');
  isRunning = true;
  const program = new Command('agent-api').enablePositionalOptions();
  addClient(program, async () => problemsOfDocument);
  const stdout = collected(process.stdout);
  const stderr = collected(process.stderr);
  const before = { folder: process.cwd(), env: process.env, exitCode: process.exitCode };
  process.chdir(folder);
  process.env = env;
  process.exitCode = undefined;
  try {
    await program.parseAsync(args, { from: 'user' });
    return { code: Number(process.exitCode ?? 0), stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.chdir(before.folder);
    process.env = before.env;
    process.exitCode = before.exitCode;
    stdout.end();
    stderr.end();
    isRunning = false;
  }
}

/** Keeps what is written to a stream, instead of writing it. */
function collected(stream: NodeJS.WriteStream) {
  const { write } = stream;
  let text = '';
  stream.write = (chunk: string | Uint8Array) => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return true;
  };
  return {
    text: () => text,
    end() {
      stream.write = write;
    },
  };
}

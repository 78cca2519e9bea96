import { Command } from 'commander';
import { printable } from '../terminal/change-text.ts';
import { ClientError, type Detail, EXIT, type ExitCode, ServerError } from './failure.ts';

export interface CommonOptions {
  readonly profile?: string;
  readonly json?: true;
}

/** A command that works on a server, with the options that all of them have. */
export function remoteCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--profile <name>', 'the profile to use')
    .option('--json', 'print JSON');
}

/** Runs a command and sets the exit code. A failure that the user can fix is printed as one line. */
export async function running(
  { json }: CommonOptions,
  command: () => Promise<ExitCode>,
): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    if (!isUserError(error)) throw error;
    if (json) printJson({ error: described(error) });
    printFailure(error);
    process.exitCode = error instanceof ClientError ? error.exitCode : EXIT.error;
  }
}

/** @param agent that it concerns; undefined if it concerns the whole command */
export function printFailure(error: Error, agent?: string): void {
  const subject = agent === undefined ? '' : `${agent}: `;
  process.stderr.write(`agent-api: ${subject}${lineOf(error)}\n`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** The user's own, or one of the operating system: a missing folder, a full disk. */
function isUserError(error: unknown): error is Error {
  return error instanceof ClientError || (error instanceof Error && 'syscall' in error);
}

function lineOf(error: Error): string {
  if (!(error instanceof ServerError)) return printable(error.message);
  const { requestId, details, message } = error;
  const request = requestId === undefined ? '' : ` (request ${requestId})`;
  return printable([`${message}${request}`, ...detailLines(details)].join('\n'));
}

export function detailLines(details: readonly Detail[]): string[] {
  if (details.length < 2) return [];
  return details.map(({ path, message }) => `  - ${path ? `${path}: ` : ''}${message}`);
}

/** A failure, as JSON shows it. */
export function described(error: Error): object {
  if (!(error instanceof ServerError)) return { message: error.message };
  const { message, code, requestId, details } = error;
  return { message, code, requestId, details };
}

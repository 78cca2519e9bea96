import { userInfo } from 'node:os';
import { CatalogError } from '../catalog/load.ts';
import { DomainError } from '../domain/errors.ts';
import { openServices } from '../server/compose.ts';
import { readSettings, SettingsError } from '../server/settings.ts';
import type { Services } from '../services.ts';
import { StoreMisconfigured, StoreUnavailable } from '../store/port.ts';
import { OpenWork, type Work } from '../work.ts';

/**
 * Opens the store that the environment names, runs a command on its services and closes it. A
 * server may serve the same store meanwhile. Errors are reported as by `reportingErrors`.
 */
export async function withServices(
  command: (services: Services, work: Work) => Promise<void>,
): Promise<void> {
  await reportingErrors(async () => {
    const { services, close } = await openServices(readSettings(process.env));
    try {
      await command(services, operatorWork());
    } finally {
      await close();
    }
  });
}

/** The work of a command, attributed to the user who is signed in to the machine. */
function operatorWork(): Work {
  const { username } = userInfo();
  return new OpenWork({ origin: { actor: { kind: 'operator', id: username }, door: 'cli' } });
}

/** Prints an error that the operator can fix as one line on stderr and sets exit code 1; rethrows any other. */
export async function reportingErrors(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!isOperatorError(error)) throw error;
    process.stderr.write(`agent-api: ${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}

/** Whether the operator can fix it, without a stack trace. */
function isOperatorError(error: unknown): error is Error {
  return (
    error instanceof SettingsError ||
    error instanceof CatalogError ||
    error instanceof StoreUnavailable ||
    error instanceof StoreMisconfigured ||
    error instanceof DomainError ||
    // An error of the operating system: a port in use, a missing file.
    (error instanceof Error && 'syscall' in error)
  );
}

function messageOf(error: Error): string {
  if (!(error instanceof DomainError) || error.problems.length < 2) return error.message;
  const problems = error.problems.map(({ path, message }) => `  - ${path}: ${message}`);
  return [error.message, ...problems].join('\n');
}

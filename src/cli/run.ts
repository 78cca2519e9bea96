import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { DomainError } from '../domain/errors.ts';
import { openServices } from '../server/compose.ts';
import { readSettings, SettingsError } from '../server/settings.ts';
import type { Services } from '../services.ts';
import { missingFolder, type StoreLocation } from '../store/open.ts';
import { StoreMisconfigured, StoreUnavailable } from '../store/port.ts';
import { OpenWork, type Work } from '../work.ts';

/**
 * Opens the store that the environment names, runs a command on its services and closes it. A
 * server may serve the same store meanwhile. Errors are reported as by `reportingErrors`.
 *
 * @param options.mayCreate whether the command creates the embedded store where there is none
 * @param options.mayLackKeys whether it runs on secrets that no given key opens
 */
export async function withServices(
  command: (services: Services, work: Work) => Promise<void>,
  { mayCreate = false, mayLackKeys = false } = {},
): Promise<void> {
  await reportingErrors(async () => {
    const settings = readSettings(process.env);
    if (!mayCreate) assertStoreExists(settings.store);
    const { services, close } = await openServices(settings, undefined, undefined, mayLackKeys);
    try {
      await command(services, operatorWork());
    } finally {
      await close();
    }
  });
}

/** @throws StoreMisconfigured: opening a store that does not exist would create an empty one */
export function assertStoreExists(location: StoreLocation): void {
  const missing = missingFolder(location);
  if (missing === undefined) return;
  throw new StoreMisconfigured(
    `there is no store at ${resolve(missing)}: set STORE_URL to the server's, or start the server first`,
  );
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

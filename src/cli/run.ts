import { userInfo } from 'node:os';
import { CatalogError } from '../catalog/load.ts';
import { DomainError } from '../domain/errors.ts';
import { openServices } from '../server/compose.ts';
import { readSettings, SettingsError } from '../server/settings.ts';
import type { Services } from '../services.ts';
import { StoreMisconfigured, StoreUnavailable } from '../store/port.ts';
import { OpenWork, type Work } from '../work.ts';

/**
 * Runs a command on the services over the store that the environment names,
 * beside a running server too. What the operator can mend is told in a line and
 * sets the exit code.
 */
export async function withServices(
  command: (services: Services, work: Work) => Promise<void>,
): Promise<void> {
  await tellingRefusals(async () => {
    const { services, close } = await openServices(readSettings(process.env));
    try {
      await command(services, operatorWork());
    } finally {
      await close();
    }
  });
}

/** The work of a command, done by whoever is signed in to the machine. */
function operatorWork(): Work {
  const { username } = userInfo();
  return new OpenWork({ origin: { actor: { kind: 'operator', id: username }, door: 'cli' } });
}

/** Runs a part of the command line tool; a refusal becomes a line on stderr and the exit code 1. */
export async function tellingRefusals(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!isOperators(error)) throw error;
    process.stderr.write(`agent-api: ${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}

/** Whether it is for the operator to mend, with no use for a stack. */
function isOperators(error: unknown): error is Error {
  return (
    error instanceof SettingsError ||
    error instanceof CatalogError ||
    error instanceof StoreUnavailable ||
    error instanceof StoreMisconfigured ||
    error instanceof DomainError ||
    // Of the system: a port that is taken, a file that is not there.
    (error instanceof Error && 'syscall' in error)
  );
}

function messageOf(error: Error): string {
  if (!(error instanceof DomainError) || error.problems.length < 2) return error.message;
  const problems = error.problems.map(({ path, message }) => `  - ${path}: ${message}`);
  return [error.message, ...problems].join('\n');
}

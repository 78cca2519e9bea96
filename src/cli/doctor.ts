import type { Command } from 'commander';
import { examine } from '../doctor/examine.ts';
import type { Finding } from '../doctor/finding.ts';
import { givenKeys, keyringOf } from '../server/secrets-key.ts';
import { readSettings } from '../server/settings.ts';
import { inspectStore } from '../store/open.ts';
import { StoreMisconfigured } from '../store/port.ts';
import { systemWork } from '../work.ts';
import { assertStoreExists, reportingErrors } from './run.ts';

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'Check the store and say what to do. It writes nothing; a server may run meanwhile.',
    )
    .option('--json', 'print the findings as JSON')
    .action(({ json }: { json?: true }) => reportingErrors(() => doctor(json === true)));
}

/** Exit code 1 if there is a problem. */
async function doctor(json: boolean): Promise<void> {
  const findings = await findingsOf();
  if (findings.some(({ level }) => level === 'problem')) process.exitCode = 1;
  if (json) {
    process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
    return;
  }
  for (const { check, level, message, advice } of findings) {
    process.stdout.write(`${level.padEnd(8)} ${check.padEnd(8)} ${message}\n`);
    if (advice) process.stdout.write(`${' '.repeat(18)}${advice}\n`);
  }
}

async function findingsOf(): Promise<readonly Finding[]> {
  const settings = readSettings(process.env);
  assertStoreExists(settings.store);
  const keys = givenKeys(settings);
  try {
    const store = await inspectStore(settings.store);
    try {
      const keyring = keys && keyringOf(keys);
      return await examine(systemWork('doctor'), { store, keyring, now: new Date() });
    } finally {
      await store.close();
    }
  } catch (error) {
    if (!(error instanceof StoreMisconfigured)) throw error;
    const advice = 'Start the version that wrote it, or restore a backup.';
    return [{ check: 'format', level: 'problem', message: error.message, advice }];
  }
}

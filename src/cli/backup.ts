import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { keyFileOf } from '../server/secrets-key.ts';
import { readSettings, type Settings } from '../server/settings.ts';
import { backUp, restore } from '../store/lmdb-backup.ts';
import { StoreMisconfigured } from '../store/port.ts';
import { assertStoreExists, reportingErrors } from './run.ts';

export function addBackup(program: Command): void {
  program
    .command('backup')
    .description('Copy the embedded store to a file. A server may run meanwhile.')
    .argument('<file>', 'a new file')
    .action((file: string) =>
      reportingErrors(async () => {
        const settings = readSettings(process.env);
        const folder = embeddedFolder(settings, `mongodump --uri="$STORE_URL" --archive=${file}`);
        assertStoreExists(settings.store);
        const bytes = await backUp(folder, file);
        process.stdout.write(`${resolve(file)}  ${bytes} bytes\n${aboutKey(settings)}`);
      }),
    );
  program
    .command('restore-backup')
    .description('Create the embedded store from a backup. STORE_URL names a folder without one.')
    .argument('<file>', 'a file that `backup` wrote')
    .action((file: string) =>
      reportingErrors(async () => {
        const settings = readSettings(process.env);
        const folder = embeddedFolder(
          settings,
          `mongorestore --uri="$STORE_URL" --archive=${file}`,
        );
        await restore(file, folder);
        process.stdout.write(`restored to ${resolve(folder)}\n${aboutKey(settings)}`);
      }),
    );
}

/** @throws StoreMisconfigured, with the command that does the same for MongoDB */
function embeddedFolder({ store }: Settings, mongo: string): string {
  if (store.kind === 'mongodb') {
    throw new StoreMisconfigured(`the store of STORE_URL is a MongoDB; use its own tool: ${mongo}`);
  }
  if (keyFileOf(store) === undefined) {
    throw new StoreMisconfigured('the store of STORE_URL is temporary: nothing of it is kept');
  }
  return store.path;
}

/** Where the key of the secrets is: never in the backup. */
function aboutKey(settings: Settings): string {
  const file = keyFileOf(settings.store) ?? '';
  if (settings.secretsKey) {
    return 'The backup does not contain the key of its secrets, SECRETS_KEY: keep it apart from the backup.\n';
  }
  return existsSync(file)
    ? `The backup does not contain the key of its secrets, ${resolve(file)}: keep a copy of it, apart from the backup.\n`
    : `The backup does not contain the key of its secrets: before the next start, copy secrets.key to ${resolve(file)}, or set SECRETS_KEY to its content.\n`;
}

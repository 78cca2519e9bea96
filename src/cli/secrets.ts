import { Presets, SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import type { RotationResult } from '../secrets/rotation.ts';
import { withServices } from './run.ts';

const ABOUT_ROTATE = `Encrypt every secret under the current key.

1. Start every process with the new key in SECRETS_KEY and the old one in
   SECRETS_KEYS_OLD.
2. Run this command while they run. If it is interrupted, run it again.
3. Remove SECRETS_KEYS_OLD.`;

/** It lists the secrets that no key opens. */
const LACKING_KEYS = { mayLackKeys: true };

export function addSecrets(program: Command): void {
  const secrets = program
    .command('secrets')
    .description('Manage the encryption of stored secrets.');
  secrets
    .command('rotate')
    .summary('Encrypt every secret under the current key.')
    .description(ABOUT_ROTATE)
    .action(() =>
      withServices(async ({ secretRotation }, work) => {
        const bar = new SingleBar(
          { format: 'Secrets {bar} {value}/{total}', noTTYOutput: true, stream: process.stderr },
          Presets.shades_classic,
        );
        const result = await secretRotation.run(work, ({ done, total }) => {
          if (done === 0) bar.start(total, 0);
          else bar.update(done);
        });
        bar.stop();
        report(result);
      }, LACKING_KEYS),
    );
}

function report({ reencrypted, unreadable }: RotationResult): void {
  process.stdout.write(`re-encrypted ${reencrypted}\n`);
  if (unreadable.length === 0) return;
  process.stderr.write(
    `agent-api: ${unreadable.length} secrets cannot be decrypted; is a key missing from SECRETS_KEYS_OLD?\n` +
      unreadable.map((key) => `  - ${key}\n`).join(''),
  );
  process.exitCode = 1;
}

import { Presets, SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import type { RotationResult } from '../secrets/rotation.ts';
import { withServices } from './run.ts';

const ABOUT_ROTATE = `Encrypt every secret under the current key.

Start every process with the new key as SECRETS_KEY and the old one in
SECRETS_KEYS_OLD, run this beside them, then drop SECRETS_KEYS_OLD. Interrupted,
it can be run again and goes on with what is left.`;

export function addSecrets(program: Command): void {
  const secrets = program.command('secrets').description('Look after the secrets at rest.');
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
        tell(result);
      }),
    );
}

function tell({ reencrypted, unreadable }: RotationResult): void {
  process.stdout.write(`re-encrypted ${reencrypted}\n`);
  if (unreadable.length === 0) return;
  process.stderr.write(
    `agent-api: ${unreadable.length} cannot be decrypted; is a key missing in SECRETS_KEYS_OLD?\n` +
      unreadable.map((key) => `  - ${key}\n`).join(''),
  );
  process.exitCode = 1;
}

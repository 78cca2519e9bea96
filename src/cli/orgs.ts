import type { Command } from 'commander';
import { printTable } from './print.ts';
import { withServices } from './run.ts';

export function addOrg(program: Command): void {
  const org = program.command('org').description('Create and list orgs.');
  org
    .command('create')
    .description('Create an org. It has no members and no API keys yet.')
    .argument('<id>', 'a URL-safe slug, immutable')
    .option('--name <name>', 'default: the id')
    .action((id: string, { name }: { name?: string }) =>
      withServices(async ({ orgs }, work) => {
        await orgs.create(work, id, name ?? id);
        process.stdout.write(`${id}\n`);
      }, true),
    );
  org
    .command('list')
    .description('List the orgs.')
    .action(() =>
      withServices(async ({ orgs }, work) => {
        const rows: string[][] = [];
        for await (const { id, name, createdAt } of orgs.all(work))
          rows.push([id, createdAt, name]);
        printTable(['id', 'created', 'name'], rows);
      }),
    );
}

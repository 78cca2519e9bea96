import type { Command } from 'commander';
import type { EntitleOrgInput } from '../domain/orgs.ts';
import { printTable } from '../terminal/table.ts';
import { withServices } from './run.ts';

export function addOrg(program: Command): void {
  const org = program.command('org').description('Create, list and entitle orgs.');
  org
    .command('create')
    .description('Create an org. It has no members and no API keys yet.')
    .argument('<id>', 'a URL-safe slug, immutable')
    .option('--name <name>', 'default: the id')
    .action((id: string, { name }: { name?: string }) =>
      withServices(
        async ({ orgs }, work) => {
          await orgs.create(work, id, name ?? id);
          process.stdout.write(`${id}\n`);
        },
        { mayCreate: true },
      ),
    );
  org
    .command('update')
    .description('Replace the features or the products of an org. Its admins only read them.')
    .argument('<id>')
    .option('--features <names>', 'separated by commas; empty for none', parseNames)
    .option('--products <names>', 'separated by commas; empty for none', parseNames)
    .action((id: string, input: EntitleOrgInput) =>
      withServices(async ({ orgs }, work) => {
        const { features, products } = await orgs.entitle(work, id, input);
        printTable(['features', 'products'], [[features.join(', '), products.join(', ')]]);
      }),
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

function parseNames(text: string): readonly string[] {
  return text.trim() === '' ? [] : text.split(',');
}

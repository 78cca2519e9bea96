import { type Command, InvalidArgumentError, Option } from 'commander';
import { ROLES, type Role, SCOPES, type Scope, scopesOfRole } from '../auth/rights.ts';
import { printTable } from './print.ts';
import { withServices } from './run.ts';

interface MintOptions {
  readonly name: string;
  readonly role: Role;
  readonly scopes?: readonly Scope[];
  readonly expires?: string;
}

const ABOUT_MINT = `Mint an API key on the operator's own behalf.

The key is printed on stdout, alone, this one time; its id on stderr.`;

const PAGE = 200;

export function addKeys(program: Command): void {
  const keys = program.command('keys').description("Look after an org's API keys.");
  keys
    .command('mint')
    .summary('Mint an API key.')
    .description(ABOUT_MINT)
    .argument('<org>')
    .option('--name <name>', 'what it is for', 'Command line')
    .addOption(new Option('--role <role>', 'the floors it meets').choices(ROLES).default('admin'))
    .option('--scopes <list>', "with commas between them; the role's when left out", parseScopes)
    .option('--expires <time>', 'from when on it is refused, in ISO-8601', parseExpiry)
    .action((org: string, { name, role, scopes, expires }: MintOptions) =>
      withServices(async (services, work) => {
        await services.orgs.get(work, org);
        const { doc, secret } = await services.apiKeys.mint(work, org, {
          name,
          role,
          scopes: scopes ?? scopesOfRole(role),
          ...(expires !== undefined && { expiresAt: expires }),
        });
        process.stderr.write(`${doc.id}\n`);
        process.stdout.write(`${secret}\n`);
      }),
    );
  keys
    .command('list')
    .description("List an org's API keys, newest first.")
    .argument('<org>')
    .action((org: string) =>
      withServices(async (services, work) => {
        await services.orgs.get(work, org);
        const rows: string[][] = [];
        let after: string | undefined;
        do {
          const page = await services.apiKeys.list(work, org, { first: PAGE, after });
          for (const { id, prefix, role, expiresAt = 'never', name } of page.docs) {
            rows.push([id, prefix, role, expiresAt, name]);
          }
          const last = page.docs.at(-1);
          after = page.more && last ? page.tokenOf(last) : undefined;
        } while (after !== undefined);
        printTable(['id', 'prefix', 'role', 'expires', 'name'], rows);
      }),
    );
  keys
    .command('revoke')
    .description('Delete an API key; it is refused at once.')
    .argument('<org>')
    .argument('<key>', 'its id')
    .action((org: string, id: string) =>
      withServices(async (services, work) => {
        await services.apiKeys.delete(work, org, id);
      }),
    );
}

function parseScopes(text: string): readonly Scope[] {
  return text.split(',').map((part) => {
    const scope = SCOPES.find((it) => it === part.trim());
    if (!scope) throw new InvalidArgumentError(`Scopes are ${SCOPES.join(', ')}.`);
    return scope;
  });
}

function parseExpiry(text: string): string {
  const time = Date.parse(text);
  if (!(time > Date.now())) throw new InvalidArgumentError('It must be a time in the future.');
  return new Date(time).toISOString();
}

import { type Command, InvalidArgumentError, Option } from 'commander';
import { mintApiKey } from '../api-keys/token.ts';
import { ROLES, type Role, SCOPES, type Scope, scopesOfRole } from '../auth/rights.ts';
import { parseInstant } from '../domain/time.ts';
import { systemEffects } from '../server/effects.ts';
import { printTable } from '../terminal/table.ts';
import { withServices } from './run.ts';

interface MintOptions {
  readonly name: string;
  readonly role: Role;
  readonly scopes?: readonly Scope[];
  readonly expires?: string;
}

const ABOUT_MINT = `Mint an API key, without an issuer whose rights would limit it.

Prints the key on stdout and its id on stderr. The key cannot be shown again.`;

const ABOUT_GENERATE = `Print a new API key and store nothing.

Give it to the first start of a server as BOOTSTRAP_API_KEY. To any other
server it is an unknown key: use "keys mint" there.`;

const PAGE = 200;

export function addKeys(program: Command): void {
  const keys = program.command('keys').description('Generate, mint, list and revoke API keys.');
  keys
    .command('mint')
    .summary('Mint an API key.')
    .description(ABOUT_MINT)
    .argument('<org>')
    .option('--name <name>', 'a name that says what the key is for', 'Command line')
    .addOption(
      new Option('--role <role>', 'the role that the key acts with')
        .choices(ROLES)
        .default('admin'),
    )
    .option('--scopes <list>', 'comma-separated; default: every scope of the role', parseScopes)
    .option('--expires <time>', 'when the key expires, in ISO 8601; default: never', parseExpiry)
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
    .command('generate')
    .summary('Print a new API key and store nothing.')
    .description(ABOUT_GENERATE)
    .action(() => {
      process.stdout.write(`${mintApiKey(systemEffects().random)}\n`);
    });
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
    .description('Delete an API key. It stops working at once.')
    .argument('<org>')
    .argument('<key>', "the key's id")
    .action((org: string, id: string) =>
      withServices(async (services, work) => {
        await services.apiKeys.delete(work, org, id);
      }),
    );
}

function parseScopes(text: string): readonly Scope[] {
  return text.split(',').map((part) => {
    const scope = SCOPES.find((it) => it === part.trim());
    if (!scope) throw new InvalidArgumentError(`The scopes are ${SCOPES.join(', ')}.`);
    return scope;
  });
}

function parseExpiry(text: string): string {
  const time = parseInstant(text);
  if (time === undefined || time <= new Date().toISOString()) {
    throw new InvalidArgumentError('It must be a time in the future, in ISO 8601.');
  }
  return time;
}

import { type Command, Option } from 'commander';
import { ROLES, type Role } from '../auth/rights.ts';
import { printTable } from './print.ts';
import { withServices } from './run.ts';

const ABOUT_ADD = `Make someone a member of an org, or give a member another role.

The first sign-in whose verified e-mail is this one takes the membership up;
from then on it is that user's alone.`;

export function addMembers(program: Command): void {
  const members = program.command('members').description("Look after an org's members.");
  members
    .command('add')
    .summary('Make someone a member, or give a member another role.')
    .description(ABOUT_ADD)
    .argument('<org>')
    .argument('<email>')
    .addOption(new Option('--role <role>', 'what they may do').choices(ROLES).default('viewer'))
    .action((org: string, email: string, { role }: { role: Role }) =>
      withServices(async (services, work) => {
        await services.orgs.get(work, org);
        const member = await services.members.set(work, org, email, role);
        process.stdout.write(`${member.email}  ${member.role}\n`);
      }),
    );
  members
    .command('list')
    .description("List an org's members.")
    .argument('<org>')
    .action((org: string) =>
      withServices(async (services, work) => {
        await services.orgs.get(work, org);
        const rows = (await services.members.list(work, org)).map(({ email, role, subject }) => [
          email,
          role,
          subject === undefined ? 'not signed in yet' : 'signed in',
        ]);
        printTable(['e-mail', 'role', 'standing'], rows);
      }),
    );
  members
    .command('remove')
    .description('End a membership at once. API keys that the member issued stay.')
    .argument('<org>')
    .argument('<email>')
    .action((org: string, email: string) =>
      withServices(async (services, work) => {
        await services.members.remove(work, org, email);
      }),
    );
}

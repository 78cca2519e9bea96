import { type Command, Option } from 'commander';
import { ROLES, type Role } from '../auth/rights.ts';
import { printTable } from '../terminal/table.ts';
import { withServices } from './run.ts';

const ABOUT_ADD = `Add a member to an org, or change a member's role.

The first user who signs in with this verified e-mail address becomes the
member. After that, the membership belongs to that user only.`;

export function addMembers(program: Command): void {
  const members = program.command('members').description("Add, list and remove an org's members.");
  members
    .command('add')
    .summary("Add a member, or change a member's role.")
    .description(ABOUT_ADD)
    .argument('<org>')
    .argument('<email>')
    .addOption(new Option('--role <role>', "the member's role").choices(ROLES).default('viewer'))
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
        const rows = (await services.members.all(work, org)).map(({ email, role, subject }) => [
          email,
          role,
          subject === undefined ? 'not signed in yet' : 'signed in',
        ]);
        printTable(['e-mail', 'role', 'status'], rows);
      }),
    );
  members
    .command('remove')
    .description(
      'Remove a member at once. API keys that the member issued keep working. An org keeps its last owner.',
    )
    .argument('<org>')
    .argument('<email>')
    .action((org: string, email: string) =>
      withServices(async (services, work) => {
        await services.members.removeByEmail(work, org, email);
      }),
    );
}

import type { Command } from 'commander';
import { usesRemaining } from '../domain/outreach-links.ts';
import { withServices } from './run.ts';

const ABOUT_REDEEM = `Redeem an outreach link once, by its code.

The public page does this before the agent starts the conversation. Prints the
agent and the channel binding to use, as JSON.`;

export function addOutreachLinks(program: Command): void {
  const links = program.command('outreach-links').description('Redeem outreach links.');
  links
    .command('redeem')
    .summary('Redeem an outreach link once.')
    .description(ABOUT_REDEEM)
    .argument('<code>', 'the code, or the whole link')
    .action((given: string) =>
      withServices(async ({ outreachLinks }, work) => {
        const link = await outreachLinks.redeem(work, given.slice(given.lastIndexOf('/') + 1));
        const { org: orgId, agentId, bindingId, id } = link;
        const redeemed = { orgId, agentId, bindingId, id, usesRemaining: usesRemaining(link) };
        process.stdout.write(`${JSON.stringify(redeemed)}\n`);
      }),
    );
}

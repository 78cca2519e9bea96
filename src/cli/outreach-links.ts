import type { Command } from 'commander';
import { usesRemaining } from '../domain/outreach-links.ts';
import { withServices } from './run.ts';

const ABOUT_REDEEM = `Take one use of the outreach link that a code leads to.

This is what the public page does before the agent begins the conversation.
Prints the agent and the binding to begin it on, as JSON.`;

export function addOutreachLinks(program: Command): void {
  const links = program.command('outreach-links').description('Redeem outreach links.');
  links
    .command('redeem')
    .summary('Take one use of an outreach link.')
    .description(ABOUT_REDEEM)
    .argument('<code>', 'the code, or the whole link')
    .action((given: string) =>
      withServices(async ({ outreachLinks }, work) => {
        const link = await outreachLinks.redeem(work, given.slice(given.lastIndexOf('/') + 1));
        const { org: orgId, agentId, bindingId, id } = link;
        const told = { orgId, agentId, bindingId, id, usesRemaining: usesRemaining(link) };
        process.stdout.write(`${JSON.stringify(told)}\n`);
      }),
    );
}

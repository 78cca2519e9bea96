import { Command } from 'commander';
import { serve } from './serve.ts';

const program = new Command('agent-api').description(
  'The management plane of conversational agents.',
);
program.command('serve').description('Start the gateway.').action(serve);

await program.parseAsync();

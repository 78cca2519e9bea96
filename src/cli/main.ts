import { Command } from 'commander';
import { addSecrets } from './secrets.ts';
import { addServe } from './serve.ts';

const program = new Command('agent-api').description(
  'The management plane of conversational agents.',
);
// One line for each group of commands.
addServe(program);
addSecrets(program);

await program.parseAsync();

import { Command } from 'commander';
import { addServe } from './serve.ts';

const program = new Command('agent-api').description(
  'The management plane of conversational agents.',
);
// One line for each group of commands.
addServe(program);

await program.parseAsync();

import { Command } from 'commander';
import { addCompletion } from '../client/completion.ts';
import { addClient } from '../client/index.ts';
import { packageVersion } from '../package/package.ts';

const program = new Command('agent-api')
  .description('The management plane of conversational agents.')
  .version(packageVersion(), '--version', 'print the version')
  // Behind a command, `--version` is an option of the command.
  .enablePositionalOptions();
addClient(program, async () => {
  const { problemsOfDocument } = await import('./document-problems.ts');
  return problemsOfDocument;
});
// Commands of the client start without the libraries of the store.
if (!program.commands.some((command) => command.name() === process.argv[2])) {
  const { addStoreCommands } = await import('./store-commands.ts');
  addStoreCommands(program);
}
program.commandsGroup('Commands:');
addCompletion(program);

// A reader such as `head` closes the pipe early; that is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

await program.parseAsync();

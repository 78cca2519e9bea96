import { Command } from 'commander';
import { packageVersion } from '../package/package.ts';
import { addKeys } from './api-keys.ts';
import { addAudit } from './audit.ts';
import { addBackup } from './backup.ts';
import { addChannels } from './channels.ts';
import { addDoctor } from './doctor.ts';
import { addHistory } from './history.ts';
import { addMembers } from './members.ts';
import { addOrg } from './orgs.ts';
import { addOutreachLinks } from './outreach-links.ts';
import { addPrompt } from './prompt.ts';
import { addSecrets } from './secrets.ts';
import { addServe } from './serve.ts';
import { addTraffic } from './traffic.ts';

const program = new Command('agent-api')
  .description('The management plane of conversational agents.')
  .version(packageVersion(), '--version', 'print the version')
  // Behind a command, `--version` is an option of the command.
  .enablePositionalOptions();
addServe(program);
addSecrets(program);
addOrg(program);
addMembers(program);
addKeys(program);
addHistory(program);
addChannels(program);
addOutreachLinks(program);
addPrompt(program);
addTraffic(program);
addAudit(program);
addBackup(program);
addDoctor(program);

// A reader such as `head` closes the pipe early; that is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

await program.parseAsync();

import type { Command } from 'commander';
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

/** The commands that work on the store of this machine. Their libraries are large. */
export function addStoreCommands(program: Command): void {
  program.commandsGroup('On the store of this machine, beside a running server or without one:');
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
}

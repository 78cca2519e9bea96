import type { Command } from 'commander';
import { addAgents } from './commands/agents.ts';
import { addInit } from './commands/init.ts';
import { addOpen } from './commands/open.ts';
import { addPull } from './commands/pull.ts';
import { addPush } from './commands/push.ts';
import { addSession } from './commands/session.ts';
import { addStatus } from './commands/status.ts';
import { addTraffic } from './commands/traffic.ts';
import { addValidate, type LoadRules } from './commands/validate.ts';

/** The commands that work on a running server, over HTTP. */
export function addClient(program: Command, loadRules: LoadRules): void {
  program.commandsGroup('On a running server, over HTTP:');
  addSession(program);
  addAgents(program);
  addInit(program);
  addPull(program);
  addPush(program);
  addStatus(program);
  addValidate(program, loadRules);
  addTraffic(program);
  addOpen(program);
}

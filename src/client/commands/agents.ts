import type { Command } from 'commander';
import { printable } from '../../terminal/change-text.ts';
import { printTable } from '../../terminal/table.ts';
import { EXIT } from '../failure.ts';
import { agentsOf } from '../remote.ts';
import { type CommonOptions, printJson, remoteCommand, running } from '../run.ts';
import { connected } from '../session.ts';

interface AgentsOptions extends CommonOptions {
  readonly query?: string;
}

export function addAgents(program: Command): void {
  program.addCommand(
    remoteCommand('agents', 'List the agents of the org.')
      .option('-q, --query <text>', 'only agents whose name or id contains these words')
      .action((options: AgentsOptions) => running(options, () => list(options))),
  );
}

async function list(options: AgentsOptions) {
  const { api, org } = await connected(options);
  const agents = await agentsOf(api, org, options.query);
  if (options.json) printJson({ agents });
  else {
    printTable(
      ['AGENT', 'NAME', 'VERSION', 'CHANGED'],
      agents.map(({ id, name, version, updatedAt }) => [
        id,
        printable(name),
        `${version}`,
        updatedAt,
      ]),
    );
  }
  return EXIT.done;
}

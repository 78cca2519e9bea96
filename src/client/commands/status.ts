import type { Command } from 'commander';
import { printable } from '../../terminal/change-text.ts';
import { printTable } from '../../terminal/table.ts';
import { type Compared, STATES, type State } from '../compare.ts';
import { driftText } from '../drift.ts';
import { EXIT, type ExitCode } from '../failure.ts';
import { agentsOf } from '../remote.ts';
import { type CommonOptions, printJson, remoteCommand, running } from '../run.ts';
import { selected } from '../selection.ts';
import { inProject } from '../session.ts';

const ABOUT = `Compare the files of this folder with the server.

Exit code 0 if they are the same, 2 if they differ, 1 if a file cannot be read.`;

export function addStatus(program: Command): void {
  program.addCommand(
    remoteCommand('status', ABOUT)
      .summary('Compare the files of this folder with the server.')
      .action((options: CommonOptions) => running(options, () => status(options))),
  );
}

/** What to do about a state. */
const ADVICE: Readonly<Record<State, string>> = {
  clean: '',
  'edited-here': 'push',
  'edited-there': 'pull',
  'edited-both': 'push or pull: both merge',
  'new-here': 'push creates it',
  'new-there': 'pull AGENT writes its file',
  'no-base': 'push or pull with --on-conflict',
  'deleted-here': 'push --delete removes it on the server, pull AGENT writes the file again',
  'deleted-there': 'push or pull with --on-conflict',
  'deleted-both': 'push or pull clears the lock',
  invalid: 'validate',
};

async function status(options: CommonOptions): Promise<ExitCode> {
  const session = await inProject(options);
  const { agents } = await selected(session, []);
  const here = new Set(agents.map(({ id }) => id));
  const others = (await agentsOf(session.api, session.org)).filter(({ id }) => !here.has(id));
  if (options.json) {
    printJson({ agents: agents.map(shown), others: others.map(({ id }) => id) });
  } else {
    printTable(
      ['AGENT', 'STATE', 'HERE', 'THERE', 'NEXT'],
      agents.map(({ id, state, locked, remote }) => [
        id,
        STATES[state],
        `${locked ?? '-'}`,
        `${remote?.version ?? '-'}`,
        ADVICE[state],
      ]),
    );
    for (const { id, invalid } of agents) {
      if (invalid) process.stdout.write(`\n${printable(invalid.message)}\n`);
      for (const line of driftText(agents.find((it) => it.id === id)?.drift ?? [])) {
        process.stdout.write(`${id}: ${line}\n`);
      }
    }
    if (others.length > 0) {
      const names = others.map(({ id }) => id).join(', ');
      process.stdout.write(
        `Only on the server: ${names}. Run agent-api pull --all for all of them.\n`,
      );
    }
  }
  if (agents.some(({ state }) => state === 'invalid')) return EXIT.error;
  return agents.every(({ state }) => state === 'clean') ? EXIT.done : EXIT.pending;
}

function shown({ id, state, locked, remote, drift, invalid }: Compared) {
  return {
    agent: id,
    state,
    locked: locked ?? null,
    version: remote?.version ?? null,
    drift,
    problems: invalid?.problems ?? [],
  };
}

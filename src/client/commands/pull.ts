import type { Command } from 'commander';
import { COLOURED, hasColours, PLAIN } from '../../terminal/change-text.ts';
import { printTable } from '../../terminal/table.ts';
import type { Compared } from '../compare.ts';
import { driftText } from '../drift.ts';
import { ClientError, EXIT, type ExitCode } from '../failure.ts';
import { changeLock } from '../lock.ts';
import type { Side } from '../plan.ts';
import { PULL_OUTCOMES, type Pulled, pulled } from '../pull.ts';
import { agentsOf } from '../remote.ts';
import { type CommonOptions, printJson, remoteCommand, running } from '../run.ts';
import { selected } from '../selection.ts';
import { inProject } from '../session.ts';
import { stepText } from '../step-text.ts';
import { conflictOption } from './push.ts';

interface PullOptions extends CommonOptions {
  readonly all?: true;
  readonly onConflict?: Side;
}

const ABOUT = `Bring changes on the server into the files of this folder.

Without names: the agents of the folder, or every agent of the org if the folder
has none yet. Comments, the order of keys and all that did not change stay as
they are. An agent with a conflict is left as it is: exit code 3.`;

export function addPull(program: Command): void {
  program.addCommand(
    remoteCommand('pull', ABOUT)
      .summary('Bring changes on the server into the files of this folder.')
      .argument('[agents...]')
      .option('--all', 'every agent of the org')
      .addOption(conflictOption())
      .action((agents: string[], options: PullOptions) =>
        running(options, () => pull(agents, options)),
      ),
  );
}

interface Result extends Pulled {
  readonly agent: Compared;
}

async function pull(named: readonly string[], options: PullOptions): Promise<ExitCode> {
  const session = await inProject(options);
  if (options.all && named.length > 0) throw new ClientError('give names or --all, not both');
  const everyone = async () => (await agentsOf(session.api, session.org)).map(({ id }) => id);
  const { agents: own } = options.all ? { agents: [] } : await selected(session, named);
  const { agents } = own.length > 0 ? { agents: own } : await selected(session, await everyone());
  const results: Result[] = [];
  try {
    for (const agent of agents) {
      const request = { isNamed: named.length > 0, onConflict: options.onConflict };
      results.push({ agent, ...(await pulled(session, agent, request)) });
    }
  } finally {
    // Also what was written before a failure.
    await changeLock(session.project.folder, lockChanges(results));
  }
  print(results, options);
  return results.some(({ outcome }) => outcome === 'conflict') ? EXIT.conflict : EXIT.done;
}

function lockChanges(results: readonly Result[]): ReadonlyMap<string, number | undefined> {
  return new Map(
    results
      .filter(({ agent, version }) => version !== agent.locked)
      .map(({ agent, version }) => [agent.id, version]),
  );
}

function print(results: readonly Result[], { json }: PullOptions): void {
  if (json) {
    printJson({
      agents: results.map(({ agent, outcome, version, step }) => ({
        agent: agent.id,
        outcome,
        version: version ?? null,
        conflicts: step?.kind === 'conflict' ? step.conflicts : [],
        drift: agent.drift,
      })),
    });
    return;
  }
  printTable(
    ['AGENT', 'RESULT', 'VERSION'],
    results.map(({ agent, outcome, version }) => [
      agent.id,
      PULL_OUTCOMES[outcome],
      `${version ?? '-'}`,
    ]),
  );
  const marks = hasColours(process.stdout) ? COLOURED : PLAIN;
  for (const { agent, outcome, step } of results) {
    if (step) process.stdout.write(`\n${stepText(agent, step, marks)}`);
    else if (outcome !== 'unchanged' && outcome !== 'kept') {
      for (const line of driftText(agent.drift)) process.stdout.write(`${agent.id}: ${line}\n`);
    }
  }
}

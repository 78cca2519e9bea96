import type { Command } from 'commander';
import { COLOURED, hasColours, PLAIN } from '../../terminal/change-text.ts';
import { printTable } from '../../terminal/table.ts';
import type { Compared } from '../compare.ts';
import { driftText } from '../drift.ts';
import { ClientError, EXIT, type ExitCode } from '../failure.ts';
import { type Attempt, inOrder } from '../in-order.ts';
import { changeLock } from '../lock.ts';
import type { Side } from '../plan.ts';
import { PULL_OUTCOMES, type Pulled, type PullRequest, pulled } from '../pull.ts';
import { agentsOf } from '../remote.ts';
import {
  type CommonOptions,
  described,
  printFailure,
  printJson,
  remoteCommand,
  running,
} from '../run.ts';
import { selected } from '../selection.ts';
import { type InProject, inProject } from '../session.ts';
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
  const request = { isNamed: named.length > 0, onConflict: options.onConflict };
  const attempts = await inOrder(
    agents,
    (agent) => pullOne(session, agent, request),
    ({ id }, error) => printFailure(error, id),
  );
  if (options.json) printJson({ agents: attempts.map(shown) });
  else print(attempts.flatMap(({ result }) => result ?? []));
  if (attempts.some(({ error }) => error)) return EXIT.error;
  const isConflict = attempts.some(({ result }) => result?.outcome === 'conflict');
  return isConflict ? EXIT.conflict : EXIT.done;
}

async function pullOne(session: InProject, agent: Compared, request: PullRequest): Promise<Result> {
  const result = await pulled(session, agent, request);
  if (result.version !== agent.locked) {
    await changeLock(session.project.folder, new Map([[agent.id, result.version]]));
  }
  return { agent, ...result };
}

function shown({ item, result, error }: Attempt<Compared, Result>) {
  const step = result?.step;
  return {
    agent: item.id,
    outcome: result?.outcome ?? (error ? 'failed' : 'left'),
    version: (result ? result.version : item.locked) ?? null,
    conflicts: step?.kind === 'conflict' ? step.conflicts : [],
    drift: item.drift,
    ...(error && { error: described(error) }),
  };
}

function print(results: readonly Result[]): void {
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

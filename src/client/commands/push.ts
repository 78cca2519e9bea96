import { type Command, Option } from 'commander';
import { confirmed, isInteractive } from '../../terminal/ask.ts';
import { COLOURED, hasColours, PLAIN } from '../../terminal/change-text.ts';
import { carryOut, Stale } from '../apply.ts';
import { type Compared, compared } from '../compare.ts';
import { ClientError, EXIT, type ExitCode } from '../failure.ts';
import { type Attempt, inOrder } from '../in-order.ts';
import { inParallel } from '../in-parallel.ts';
import { changeLock, readLock } from '../lock.ts';
import { SIDES, type Side } from '../plan.ts';
import type { Project } from '../project.ts';
import { type PushRequest, type Step, stepOf } from '../push.ts';
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
import { writeAgentFile } from '../write-file.ts';

interface DiffOptions extends CommonOptions {
  readonly onConflict?: Side;
  readonly delete?: boolean;
}

interface PushOptions extends DiffOptions {
  readonly yes?: true;
  readonly message?: string;
}

const ABOUT_DIFF = `Show what a push would change on the server, and change nothing.

Exit code 0 if there is nothing to push, 2 if there is, 3 if both sides changed
the same, 1 if a file cannot be pushed.`;

const ABOUT_PUSH = `Bring the changes of the files to the server.

Shows what would change, and asks; without a terminal it changes nothing
unless you say --yes: exit code 2. What others changed on the server since the
last pull or push stays: both are merged, field by field, and the result is
written into the file. Where both sides changed the same, nothing is pushed:
exit code 3.`;

export function addPush(program: Command): void {
  program.addCommand(
    withPushOptions(remoteCommand('diff', ABOUT_DIFF), 'Show what a push would change.').action(
      (agents: string[], options: DiffOptions) => running(options, () => diff(agents, options)),
    ),
  );
  program.addCommand(
    withPushOptions(
      remoteCommand('push', ABOUT_PUSH),
      'Bring the changes of the files to the server.',
    )
      .option('-y, --yes', 'do not ask')
      .option('-m, --message <text>', 'why; the history shows it')
      .action((agents: string[], options: PushOptions) =>
        running(options, () => push(agents, options)),
      ),
  );
}

function withPushOptions(command: Command, summary: string): Command {
  return command
    .summary(summary)
    .argument('[agents...]')
    .addOption(conflictOption())
    .option('--delete', 'remove the agents too whose file was removed');
}

export function conflictOption(): Option {
  return new Option(
    '--on-conflict <side>',
    'the side that wins where both changed the same',
  ).choices(SIDES);
}

interface Planned {
  readonly agent: Compared;
  readonly step: Step;
}

async function planned(
  session: InProject,
  named: readonly string[],
  request: PushRequest,
): Promise<readonly Planned[]> {
  const { agents } = await selected(session, named);
  for (const { id, state } of agents) {
    if (state === 'new-there') throw new ClientError(`${id} has no file here: pull it first`);
  }
  return inParallel(agents, async (agent) => ({
    agent,
    step: await stepOf(session, agent, request),
  }));
}

async function diff(named: readonly string[], options: DiffOptions): Promise<ExitCode> {
  const session = await inProject(options);
  const steps = await planned(session, named, requestOf(options));
  if (options.json) printJson({ agents: steps.map((it) => shown(it)) });
  else printSteps(steps);
  return exitCodeOf(steps);
}

async function push(named: readonly string[], options: PushOptions): Promise<ExitCode> {
  const session = await inProject(options);
  const request = requestOf(options);
  const steps = await planned(session, named, request);
  if (!options.json) printSteps(steps);
  const code = exitCodeOf(steps);
  for (const it of steps) await settle(session.project, it);
  if (code === EXIT.pending && (await mayWrite(options))) {
    const pushed = await inOrder(
      steps,
      (it) => carriedOut(session, it, request, options),
      ({ agent }, error) => printFailure(error, agent.id),
    );
    if (options.json) printJson({ agents: pushed.map(attemptShown) });
    else printLeft(pushed);
    return exitCodeAfter(pushed);
  }
  if (options.json) printJson({ agents: steps.map((it) => shown(it)) });
  else if (code === EXIT.pending)
    process.stderr.write('Nothing was pushed. Say --yes to push it.\n');
  else if (code !== EXIT.done) process.stderr.write('Nothing was pushed.\n');
  return code;
}

function requestOf({ onConflict, delete: mayDelete = false }: DiffOptions): PushRequest {
  return { onConflict, mayDelete };
}

async function mayWrite({ yes, json }: PushOptions): Promise<boolean> {
  if (yes) return true;
  return !json && isInteractive() && (await confirmed('Push this?'));
}

/** Attempts of a push that nobody has to confirm, while others change the same agent. */
const MAX_ATTEMPTS = 5;

const DONE = { edit: 'pushed', create: 'created', remove: 'removed' } as const;

interface Pushed extends Planned {
  /** Undefined if there was nothing to do any more, or if it could not be done. */
  readonly done: (typeof DONE)[keyof typeof DONE] | undefined;
}

async function carriedOut(
  session: InProject,
  { agent, step }: Planned,
  request: PushRequest,
  options: PushOptions,
): Promise<Pushed> {
  let [now, next] = [agent, step];
  for (let attempt = 1; ; attempt++) {
    if (next.kind === 'none' || next.kind === 'conflict' || next.kind === 'blocked') {
      return { agent: now, step: next, done: undefined };
    }
    try {
      await carryOut(session, now, next, options.message);
      if (!options.json) process.stdout.write(`${now.id}: ${DONE[next.kind]}\n`);
      return { agent: now, step: next, done: DONE[next.kind] };
    } catch (error) {
      // Without --yes, what was confirmed is no longer what would happen.
      if (!(error instanceof Stale) || !options.yes || attempt === MAX_ATTEMPTS) throw error;
    }
    const lock = await readLock(session.project.folder);
    now = (await compared(session, lock, now.id)) ?? now;
    next = await stepOf(session, now, request);
    if (!options.json) printSteps([{ agent: now, step: next }]);
  }
}

/**
 * Brings the lock up to date if nothing is to be pushed, and the file, which may say the same in other
 * words than the server.
 */
async function settle(project: Project, { agent, step }: Planned): Promise<void> {
  if (step.kind !== 'none') return;
  const { id, file, remote, locked } = agent;
  if (step.why === 'gone') await changeLock(project.folder, new Map([[id, undefined]]));
  if (step.why !== 'unchanged') return;
  if (file && remote) await writeAgentFile(project, file, remote.document);
  if (step.version !== locked) await changeLock(project.folder, new Map([[id, step.version]]));
}

function exitCodeOf(steps: readonly Planned[]): ExitCode {
  const has = (...kinds: readonly Step['kind'][]) =>
    steps.some(({ step }) => kinds.includes(step.kind));
  if (has('blocked')) return EXIT.error;
  if (has('conflict')) return EXIT.conflict;
  return has('edit', 'create', 'remove') ? EXIT.pending : EXIT.done;
}

function exitCodeAfter(attempts: readonly Attempt<Planned, Pushed>[]): ExitCode {
  const codes = attempts.map(({ result, error }) => {
    if (error) return error.exitCode;
    return result && result.done === undefined ? exitCodeOf([result]) : EXIT.done;
  });
  if (codes.includes(EXIT.error)) return EXIT.error;
  return codes.includes(EXIT.conflict) ? EXIT.conflict : EXIT.done;
}

function printSteps(steps: readonly Planned[]): void {
  const marks = hasColours(process.stdout) ? COLOURED : PLAIN;
  const texts = steps
    .map(({ agent, step }) => stepText(agent, step, marks))
    .filter((it) => it !== '');
  process.stdout.write(texts.length > 0 ? texts.join('\n') : 'Nothing to push.\n');
}

function printLeft(attempts: readonly Attempt<Planned, Pushed>[]): void {
  const left = attempts.filter(({ item, result, error }) => {
    return item.step.kind !== 'none' && result === undefined && error === undefined;
  });
  if (left.length === 0) return;
  process.stderr.write(`Not pushed: ${left.map(({ item }) => item.agent.id).join(', ')}.\n`);
}

function attemptShown({ item, result, error }: Attempt<Planned, Pushed>) {
  const it = shown(result ?? item, result?.done);
  return error ? { ...it, outcome: 'failed', error: described(error) } : it;
}

function shown({ agent, step }: Planned, done?: Pushed['done']) {
  const plan = step.kind === 'edit' || step.kind === 'create' ? step.plan : undefined;
  return {
    agent: agent.id,
    state: agent.state,
    outcome: step.kind === 'none' ? step.why : (done ?? step.kind),
    reason: step.kind === 'conflict' ? step.why : null,
    changes: plan?.changes ?? [],
    conflicts: step.kind === 'conflict' ? step.conflicts : [],
    problems: step.kind === 'blocked' ? step.problems : [],
    readiness: plan?.readiness ?? null,
    drift: agent.drift,
  };
}

import { type Command, Option } from 'commander';
import { confirmed, isInteractive } from '../../terminal/ask.ts';
import { COLOURED, hasColours, PLAIN } from '../../terminal/change-text.ts';
import { carryOut, Stale } from '../apply.ts';
import { type Compared, compared } from '../compare.ts';
import { ClientError, EXIT, type ExitCode } from '../failure.ts';
import { inParallel } from '../in-parallel.ts';
import { changeLock, readLock } from '../lock.ts';
import { SIDES, type Side } from '../plan.ts';
import type { Project } from '../project.ts';
import { type PushRequest, type Step, stepOf } from '../push.ts';
import { type CommonOptions, printJson, remoteCommand, running } from '../run.ts';
import { selected } from '../selection.ts';
import { type InProject, inProject } from '../session.ts';
import { stepText } from '../step-text.ts';

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
  if (options.json) printJson({ agents: steps.map((it) => shown(it, false)) });
  else printSteps(steps);
  return exitCodeOf(steps);
}

async function push(named: readonly string[], options: PushOptions): Promise<ExitCode> {
  const session = await inProject(options);
  const request = requestOf(options);
  const steps = await planned(session, named, request);
  if (!options.json) printSteps(steps);
  const code = exitCodeOf(steps);
  await lockIdle(session.project, steps);
  if (code === EXIT.pending && (await mayWrite(options))) {
    const pushed = [];
    for (const it of steps) pushed.push(await carriedOut(session, it, request, options));
    if (options.json) printJson({ agents: pushed });
    return pushed.some(({ outcome }) => outcome === 'conflict') ? EXIT.conflict : EXIT.done;
  }
  if (options.json) printJson({ agents: steps.map((it) => shown(it, false)) });
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

async function carriedOut(
  session: InProject,
  { agent, step }: Planned,
  request: PushRequest,
  options: PushOptions,
): Promise<ReturnType<typeof shown>> {
  let [now, next] = [agent, step];
  for (let attempt = 1; ; attempt++) {
    if (next.kind === 'none' || next.kind === 'conflict' || next.kind === 'blocked') {
      return shown({ agent: now, step: next }, false);
    }
    try {
      await carryOut(session, now, next, options.message);
      if (!options.json) process.stdout.write(`${now.id}: ${DONE[next.kind]}\n`);
      return shown({ agent: now, step: next }, true);
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

const DONE = { edit: 'pushed', create: 'created', remove: 'removed' } as const;

/** Brings the lock of agents that are the same on both sides up to date. */
async function lockIdle({ folder }: Project, steps: readonly Planned[]): Promise<void> {
  const changes = new Map<string, number | undefined>();
  for (const { agent, step } of steps) {
    if (step.kind !== 'none') continue;
    if (step.why === 'unchanged' && step.version !== agent.locked)
      changes.set(agent.id, step.version);
    if (step.why === 'gone') changes.set(agent.id, undefined);
  }
  await changeLock(folder, changes);
}

function exitCodeOf(steps: readonly Planned[]): ExitCode {
  const has = (...kinds: readonly Step['kind'][]) =>
    steps.some(({ step }) => kinds.includes(step.kind));
  if (has('blocked')) return EXIT.error;
  if (has('conflict')) return EXIT.conflict;
  return has('edit', 'create', 'remove') ? EXIT.pending : EXIT.done;
}

function printSteps(steps: readonly Planned[]): void {
  const marks = hasColours(process.stdout) ? COLOURED : PLAIN;
  const texts = steps
    .map(({ agent, step }) => stepText(agent, step, marks))
    .filter((it) => it !== '');
  process.stdout.write(texts.length > 0 ? texts.join('\n') : 'Nothing to push.\n');
}

function shown({ agent, step }: Planned, isDone: boolean) {
  const outcome = isDone && step.kind in DONE ? DONE[step.kind as keyof typeof DONE] : step.kind;
  const edit = step.kind === 'edit' ? step : undefined;
  return {
    agent: agent.id,
    state: agent.state,
    outcome: step.kind === 'none' ? step.why : outcome,
    changes: edit ? [...edit.header.changes, ...edit.plan.changes] : [],
    conflicts: step.kind === 'conflict' ? step.conflicts : [],
    problems: step.kind === 'blocked' ? step.problems : [],
    readiness: edit?.plan.readiness ?? null,
    drift: agent.drift,
  };
}

import type { AgentFile, FileProblem } from './agent-file.ts';
import type { Compared, State } from './compare.ts';
import { ServerError } from './failure.ts';
import { type Conflict, type Import, type Plan, planOf, type Side } from './plan.ts';
import { placedProblems } from './problems.ts';
import type { InProject } from './session.ts';

/** Why a push has nothing to do for an agent. */
export const IDLE = {
  unchanged: 'nothing to push',
  behind: 'edited on the server only; pull brings that here',
  absent: 'the file was removed; push --delete removes the agent too',
  gone: 'removed on both sides',
  theirs: 'left as the server has it; pull --on-conflict=theirs brings that here',
} as const;

/** What a push would do with one agent. */
export type Step =
  | { readonly kind: 'none'; readonly why: keyof typeof IDLE; readonly version: number | undefined }
  | { readonly kind: 'conflict'; readonly why: string; readonly conflicts: readonly Conflict[] }
  | { readonly kind: 'blocked'; readonly problems: readonly FileProblem[] }
  | Edit
  | { readonly kind: 'remove'; readonly version: number };

/** A change of an agent, or a new one. */
export interface Edit {
  readonly kind: 'edit' | 'create';
  readonly request: Import;
  readonly plan: Plan;
}

export interface PushRequest {
  readonly onConflict: Side | undefined;
  /** Whether agents are removed whose file was removed. */
  readonly mayDelete: boolean;
}

/** What a push would do with an agent. Writes nothing. @throws ServerError, Unreachable */
export function stepOf(session: InProject, agent: Compared, request: PushRequest): Promise<Step> {
  return STEPS[agent.state](session, agent, request);
}

type Decide = (session: InProject, agent: Compared, request: PushRequest) => Promise<Step>;

const idle =
  (why: keyof typeof IDLE): Decide =>
  async (_, { remote, locked }) => ({
    kind: 'none',
    why,
    version: why === 'unchanged' ? remote?.version : locked,
  });

const STEPS: Readonly<Record<State, Decide>> = {
  clean: idle('unchanged'),
  'edited-there': idle('behind'),
  'edited-here': mergeOf,
  'edited-both': mergeOf,
  'new-here': creationOf,
  'new-there': idle('behind'),
  'no-base': async (session, agent, request) => {
    if (request.onConflict === 'theirs') return idle('theirs')(session, agent, request);
    if (request.onConflict === 'yours') return mergeOf(session, agent, request);
    const why =
      agent.locked === undefined
        ? 'the agent exists on the server, and this file was not pulled from it'
        : `version ${agent.locked} is not kept, or the agent was removed and created again`;
    return { kind: 'conflict', why, conflicts: [] };
  },
  'deleted-here': async (session, agent, request) => {
    if (!request.mayDelete) return idle('absent')(session, agent, request);
    const { remote, locked } = agent;
    const isEdited = remote?.base === undefined || agent.isEditedThere;
    if (!remote || (isEdited && request.onConflict !== 'yours')) {
      const why = `the file was removed, and the agent was edited since version ${locked}`;
      return { kind: 'conflict', why, conflicts: [] };
    }
    return { kind: 'remove', version: remote.version };
  },
  'deleted-there': async (session, agent, request) => {
    if (request.onConflict === 'theirs') return idle('theirs')(session, agent, request);
    if (request.onConflict === 'yours') return creationOf(session, agent);
    return { kind: 'conflict', why: 'the agent was removed on the server', conflicts: [] };
  },
  'deleted-both': idle('gone'),
  invalid: async (_, { invalid }) => ({ kind: 'blocked', problems: invalid?.problems ?? [] }),
};

/** Merges the file into the agent by the version that it is from; without one, takes its place. */
export async function mergeOf(
  session: InProject,
  { file, remote, locked }: Compared,
  { onConflict }: Pick<PushRequest, 'onConflict'>,
): Promise<Step> {
  if (!file || !remote) return REMOVED;
  const base = remote.base && locked !== undefined ? locked : remote.version;
  return planned(session, file, { base, onConflict });
}

function creationOf(session: InProject, { file }: Compared): Promise<Step> {
  if (!file) return Promise.resolve(REMOVED);
  return planned(session, file, { base: undefined, onConflict: undefined });
}

const REMOVED: Step = { kind: 'conflict', why: 'the agent was removed', conflicts: [] };

async function planned(
  { api, org }: InProject,
  file: AgentFile,
  options: Pick<Import, 'base' | 'onConflict'>,
): Promise<Step> {
  const request: Import = { org, document: JSON.stringify(file.document), ...options };
  try {
    const plan = await planOf(api, request);
    return plan ? stepOfPlan(file, request, plan) : REMOVED;
  } catch (error) {
    if (!(error instanceof ServerError) || error.code !== 'request.invalid') throw error;
    return { kind: 'blocked', problems: placedProblems(file, detailsOf(error)) };
  }
}

function detailsOf({ details, message }: ServerError) {
  return details.length > 0 ? details : [{ path: '', message }];
}

function stepOfPlan(file: AgentFile, request: Import, plan: Plan): Step {
  const { conflicts, blockers, changes, baseVersion } = plan;
  if (conflicts.length > 0 && request.onConflict === undefined) {
    return { kind: 'conflict', why: 'both sides changed the same', conflicts };
  }
  if (blockers.length > 0) return { kind: 'blocked', problems: placedProblems(file, blockers) };
  if (request.base === undefined) {
    if (baseVersion === 0) return { kind: 'create', request, plan };
    return { kind: 'conflict', why: 'the agent was created meanwhile', conflicts: [] };
  }
  if (changes.length === 0) return { kind: 'none', why: 'unchanged', version: baseVersion };
  return { kind: 'edit', request, plan };
}

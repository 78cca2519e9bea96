import { InvalidFile } from './agent-file.ts';
import type { Compared, State } from './compare.ts';
import { documentAfter, type Side } from './plan.ts';
import { mergeOf, type Step } from './push.ts';
import type { InProject } from './session.ts';
import { removeAgentFile, writeAgentFile } from './write-file.ts';

/** What a pull did with one agent. */
export const PULL_OUTCOMES = {
  unchanged: 'nothing new',
  written: 'written',
  merged: 'merged with your edits',
  kept: 'edited here, nothing new on the server',
  absent: 'its file stays removed; pull AGENT writes it again',
  removed: 'file removed, as the agent was',
  released: 'kept as a new file; push creates the agent again',
  conflict: 'conflict, left as it is',
} as const;

export interface Pulled {
  readonly outcome: keyof typeof PULL_OUTCOMES;
  /** The version that the file is in step with afterwards; undefined for none. */
  readonly version: number | undefined;
  /** Why it is a conflict; otherwise of no meaning. */
  readonly step?: Step;
}

export interface PullRequest {
  /** Whether the agent was named: its file is then written also if it was removed here. */
  readonly isNamed: boolean;
  readonly onConflict: Side | undefined;
}

/** Brings the server's changes of one agent into its file. @throws ClientError, ServerError */
export function pulled(session: InProject, agent: Compared, request: PullRequest): Promise<Pulled> {
  return PULLS[agent.state](session, agent, request);
}

type Pull = (session: InProject, agent: Compared, request: PullRequest) => Promise<Pulled>;

const written: Pull = async ({ project }, { file, remote, locked }) => {
  if (!remote) return { outcome: 'conflict', version: locked };
  const isWritten = await writeAgentFile(project, file, remote.document);
  return { outcome: isWritten ? 'written' : 'unchanged', version: remote.version };
};

/** The server merges the file into the agent; the result is written into the file alone. */
const merged: Pull = async (session, agent, { onConflict }) => {
  const { file, locked, remote } = agent;
  const step = await mergeOf(session, agent, { onConflict });
  if (step.kind === 'blocked') throw new InvalidFile(step.problems);
  if (!file || !remote || step.kind === 'conflict')
    return { outcome: 'conflict', version: locked, step };
  if (step.kind !== 'edit') return written(session, agent, { isNamed: false, onConflict });
  await writeAgentFile(session.project, file, documentAfter(remote.document, step.plan));
  return { outcome: 'merged', version: step.plan.baseVersion };
};

const forSide: Pull = async (session, agent, request) => {
  if (request.onConflict === 'theirs') return written(session, agent, request);
  if (request.onConflict === undefined) return { outcome: 'conflict', version: agent.locked };
  return { outcome: 'kept', version: agent.remote?.version };
};

const PULLS: Readonly<Record<State, Pull>> = {
  clean: async (_, { remote }) => ({ outcome: 'unchanged', version: remote?.version }),
  'edited-here': async (_, { locked }) => ({ outcome: 'kept', version: locked }),
  'edited-there': written,
  'edited-both': merged,
  'new-here': async () => ({ outcome: 'kept', version: undefined }),
  'new-there': written,
  'no-base': forSide,
  'deleted-here': async (session, agent, request) =>
    request.isNamed
      ? written(session, agent, request)
      : { outcome: 'absent', version: agent.locked },
  'deleted-there': async ({ project }, { file, locked }, { onConflict }) => {
    if (!file || onConflict === undefined) return { outcome: 'conflict', version: locked };
    if (onConflict === 'yours') return { outcome: 'released', version: undefined };
    await removeAgentFile(project, file);
    return { outcome: 'removed', version: undefined };
  },
  'deleted-both': async () => ({ outcome: 'removed', version: undefined }),
  invalid: async (_, { invalid, locked }) => {
    if (invalid) throw invalid;
    return { outcome: 'conflict', version: locked };
  },
};

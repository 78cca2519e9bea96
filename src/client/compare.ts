import { isSameJson } from '../domain/json.ts';
import {
  type AgentDocument,
  type AgentFile,
  InvalidFile,
  readAgentFile,
  saysTheSame,
} from './agent-file.ts';
import type { Lock } from './lock.ts';
import type { Project } from './project.ts';
import { type AgentVersion, agentOf, type RemoteAgent } from './remote.ts';
import type { InProject } from './session.ts';

/** How an agent's file and the server differ, since the version that the lock names. */
export const STATES = {
  clean: 'the same on both sides',
  'edited-here': 'edited in the file',
  'edited-there': 'edited on the server',
  'edited-both': 'edited on both sides',
  'new-here': 'a new file, and no agent on the server',
  'new-there': 'an agent on the server, and no file',
  'no-base': 'a file and an agent that differ, and no version that both are from',
  'deleted-here': 'the file was removed',
  'deleted-there': 'the agent was removed on the server',
  'deleted-both': 'removed on both sides',
  invalid: 'the file cannot be read',
} as const;
export type State = keyof typeof STATES;

/** An agent, on both sides. */
export interface Compared {
  readonly id: string;
  readonly state: State;
  readonly file: AgentFile | undefined;
  /** Why the file cannot be read. */
  readonly invalid: InvalidFile | undefined;
  /** The version that the lock names. */
  readonly locked: number | undefined;
  readonly remote: RemoteAgent | undefined;
  /** Whether the server's content differs from that of the version of the lock. */
  readonly isEditedThere: boolean;
  /** The versions that the server has made since, newest first. */
  readonly drift: readonly AgentVersion[];
}

/**
 * Compares an agent's file with the server.
 *
 * @returns undefined if there is neither
 */
export async function compared(
  { api, org, project }: InProject,
  lock: Lock,
  id: string,
): Promise<Compared | undefined> {
  const locked = lock.get(id);
  const local = await readFileOrProblem(project, id);
  const remote = await agentOf(api, org, id, locked);
  const state = stateOf(local, locked, remote);
  if (state === undefined) return undefined;
  const isEditedThere = remote?.base !== undefined && !isSameJson(remote.base, remote.document);
  const drift = (remote?.history ?? []).filter(({ version }) => version > (locked ?? 0));
  return {
    id,
    state,
    ...local,
    locked,
    remote,
    isEditedThere,
    drift: locked === undefined ? [] : drift,
  };
}

type Local = Pick<Compared, 'file' | 'invalid'>;

async function readFileOrProblem(project: Project, id: string): Promise<Local> {
  try {
    return { file: await readAgentFile(project, id), invalid: undefined };
  } catch (error) {
    if (error instanceof InvalidFile) return { file: undefined, invalid: error };
    throw error;
  }
}

function stateOf(
  { file, invalid }: Local,
  locked: number | undefined,
  remote: RemoteAgent | undefined,
): State | undefined {
  if (invalid) return 'invalid';
  if (!remote) {
    if (file) return locked === undefined ? 'new-here' : 'deleted-there';
    return locked === undefined ? undefined : 'deleted-both';
  }
  if (!file) return locked === undefined ? 'new-there' : 'deleted-here';
  if (saysTheSame(file, remote.document)) return 'clean';
  if (!remote.base) return 'no-base';
  return sidesOf(file, remote.base, remote.document);
}

function sidesOf(file: AgentFile, base: AgentDocument, there: AgentDocument): State {
  const isEditedThere = !isSameJson(base, there);
  if (saysTheSame(file, base)) return isEditedThere ? 'edited-there' : 'clean';
  return isEditedThere ? 'edited-both' : 'edited-here';
}

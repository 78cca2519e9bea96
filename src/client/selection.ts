import { agentPath, agentsWithFile } from './agent-file.ts';
import { type Compared, compared } from './compare.ts';
import { ClientError } from './failure.ts';
import { inParallel } from './in-parallel.ts';
import { type Lock, readLock } from './lock.ts';
import type { InProject } from './session.ts';

export interface Selection {
  readonly lock: Lock;
  readonly agents: readonly Compared[];
}

/**
 * Compares the agents that are named, or else those of the folder: those with a file or a line in
 * the lock.
 *
 * @throws ClientError for a name that is no agent on either side
 */
export async function selected(session: InProject, named: readonly string[]): Promise<Selection> {
  const { project } = session;
  const lock = await readLock(project.folder);
  const here = [...new Set([...(await agentsWithFile(project)), ...lock.keys()])].sort();
  const ids = named.length > 0 ? [...new Set(named.map(agentIdOf))] : here;
  const agents = await inParallel(ids, async (id) => {
    const agent = await compared(session, lock, id);
    if (agent) return agent;
    throw new ClientError(`there is no agent '${id}', neither in this folder nor on the server`);
  });
  return { lock, agents };
}

/** The agent of an argument, which may be the path of its file: shells complete those. */
export function agentIdOf(argument: string): string {
  const id = argument.replace(/^(?:.*\/)?([^/]+)\.ya?ml$/, '$1');
  agentPath(id);
  return id;
}

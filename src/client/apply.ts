import type { Compared } from './compare.ts';
import { ClientError, EXIT, ServerError } from './failure.ts';
import { changeLock } from './lock.ts';
import { carriedOut } from './plan.ts';
import type { Edit, Step } from './push.ts';
import { agentOf } from './remote.ts';
import type { InProject } from './session.ts';
import { writeAgentFile } from './write-file.ts';

/** The agent has changed since the step was decided. */
export class Stale extends ClientError {
  constructor(id: string) {
    super(`${id} has changed since the plan was made: run push again`, EXIT.conflict);
  }
}

/** Codes of the server by which a step is out of date. */
const STALE = ['plan.stale', 'plan.expired', 'version.mismatch', 'agent.not_found'];

/**
 * Carries a step out, and brings what was merged into the file and the lock.
 *
 * @param message why the change is made
 * @throws Stale, ServerError, Unreachable if the outcome is unknown
 */
export async function carryOut(
  session: InProject,
  agent: Compared,
  step: Step,
  message: string | undefined,
): Promise<void> {
  try {
    if (step.kind === 'edit' || step.kind === 'create') {
      await importFile(session, agent, step, message);
    }
    if (step.kind === 'remove') await removeAgent(session, agent, step.version, message);
  } catch (error) {
    if (error instanceof ServerError && STALE.includes(error.code)) throw new Stale(agent.id);
    throw error;
  }
}

/** Afterwards the file and the lock are in step with the agent. */
async function importFile(
  { api, org, project }: InProject,
  { id, file }: Compared,
  { request, plan }: Edit,
  message: string | undefined,
): Promise<void> {
  if (plan.plan === null) throw new Stale(id);
  await carriedOut(api, request, plan.plan, message);
  const remote = await agentOf(api, org, id);
  if (!remote || !file) return;
  await writeAgentFile(project, file, remote.document);
  await changeLock(project.folder, new Map([[id, remote.version]]));
}

async function removeAgent(
  { api, org, project }: InProject,
  { id }: Compared,
  version: number,
  message: string | undefined,
): Promise<void> {
  await api.write('remove', { org, agent: id, version }, message);
  await changeLock(project.folder, new Map([[id, undefined]]));
}

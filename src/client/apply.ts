import type { AgentFile } from './agent-file.ts';
import { InvalidFile } from './agent-file.ts';
import type { Compared } from './compare.ts';
import { ClientError, EXIT, ServerError } from './failure.ts';
import { type Header, headerOf } from './header.ts';
import { changeLock } from './lock.ts';
import { carriedOut, definitionText, planOf } from './plan.ts';
import { placedProblems } from './problems.ts';
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
const STALE = [
  'plan.stale',
  'plan.expired',
  'version.mismatch',
  'agent.not_found',
  'agent.id_taken',
];

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
    if (step.kind === 'edit') await editAgent(session, agent, step, message);
    if (step.kind === 'create') await createAgent(session, agent, message);
    if (step.kind === 'remove') await removeAgent(session, agent, step.version, message);
  } catch (error) {
    if (error instanceof ServerError && STALE.includes(error.code)) throw new Stale(agent.id);
    throw error;
  }
}

async function editAgent(
  session: InProject,
  { id, file, remote }: Compared,
  { request, plan, header }: Edit,
  message: string | undefined,
): Promise<void> {
  const { api } = session;
  if (plan.changes.length > 0 && plan.plan !== null) {
    await carriedOut(api, request, plan.plan, message);
  }
  if (header.changes.length > 0 && remote) {
    await changeHeader(session, id, headerOf(remote.document), header.header, message);
  }
  await refresh(session, id, file);
}

const UPDATE = `mutation ($org: ID!, $agent: ID!, $input: UpdateAgentInput!, $version: Int!) {
  updateAgent(org: $org, agent: $agent, input: $input, expectedVersion: $version) { version }
}`;

/** Attempts while others change other parts of the agent. */
const MAX_ATTEMPTS = 10;

/** @throws Stale if somebody else has changed the header */
async function changeHeader(
  { api, org }: InProject,
  id: string,
  seen: Header,
  wanted: Header,
  message: string | undefined,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const now = await agentOf(api, org, id);
    const header = now && headerOf(now.document);
    if (!now || header?.name !== seen.name || header.description !== seen.description) {
      throw new Stale(id);
    }
    const input = { name: wanted.name, description: wanted.description ?? null };
    try {
      await api.write(UPDATE, { org, agent: id, input, version: now.version }, message);
      return;
    } catch (error) {
      const isRace = error instanceof ServerError && error.code === 'version.mismatch';
      if (!isRace || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

const CREATE = `mutation ($org: ID!, $input: CreateAgentInput!) {
  createAgent(org: $org, input: $input) { version }
}`;

async function createAgent(
  session: InProject,
  { id, file }: Compared,
  message: string | undefined,
): Promise<void> {
  const { api, org, project } = session;
  if (!file) return;
  const { name, description } = file.document.agent;
  const created = await api.write<{ createAgent: { version: number } }>(
    CREATE,
    { org, input: { id, name, description } },
    message,
  );
  const { version } = created.createAgent;
  // From here on the file is an edit of this agent, also if what follows is interrupted.
  await changeLock(project.folder, new Map([[id, version]]));
  const request = {
    org,
    agent: id,
    document: definitionText(file.document),
    base: version,
    onConflict: undefined,
  };
  const plan = await planOf(api, request);
  if (!plan) throw new Stale(id);
  if (plan.blockers.length > 0) throw new InvalidFile(placedProblems(file, plan.blockers));
  if (plan.plan !== null && plan.changes.length > 0) {
    await carriedOut(api, request, plan.plan, message);
  }
  await refresh(session, id, file);
}

const REMOVE = `mutation ($org: ID!, $agent: ID!, $version: Int!) {
  deleteAgent(org: $org, agent: $agent, expectedVersion: $version) { id }
}`;

async function removeAgent(
  { api, org, project }: InProject,
  { id }: Compared,
  version: number,
  message: string | undefined,
): Promise<void> {
  await api.write(REMOVE, { org, agent: id, version }, message);
  await changeLock(project.folder, new Map([[id, undefined]]));
}

/** Brings the agent as it is now into its file, which said what was pushed. */
async function refresh(
  { api, org, project }: InProject,
  id: string,
  file: AgentFile | undefined,
): Promise<void> {
  const remote = await agentOf(api, org, id);
  if (!remote || !file) return;
  await writeAgentFile(project, file, remote.document);
  await changeLock(project.folder, new Map([[id, remote.version]]));
}

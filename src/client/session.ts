import { Api } from './api.ts';
import { type Connection, connectionOf, isSameUrl } from './connection.ts';
import { ClientError } from './failure.ts';
import { findProject, type Project, requireProject } from './project.ts';
import type { CommonOptions } from './run.ts';

/** What a command works with. */
export interface Session {
  readonly api: Api;
  readonly org: string;
  readonly connection: Connection;
}

/** What a command on a folder of agents works with. */
export interface InProject extends Session {
  readonly project: Project;
}

/** The session of a command that needs no folder of agents. @throws ClientError */
export async function connected({ profile }: CommonOptions): Promise<Session> {
  return sessionOf(await connectionOf(process.env, profile, await findProject(process.cwd())));
}

/**
 * The session of a command on the folder of agents that it is called in.
 *
 * @throws ClientError, also for another server or org than those of the folder: the versions in its
 *   lock mean nothing there
 */
export async function inProject({ profile }: CommonOptions): Promise<InProject> {
  const project = await requireProject(process.cwd());
  const connection = await connectionOf(process.env, profile, project);
  if (!isSameUrl(connection.url, project.url)) {
    throw new ClientError(`this folder belongs to ${project.url}, not to ${connection.url}`);
  }
  if (connection.org !== project.org) {
    throw new ClientError(
      `this folder belongs to the org '${project.org}', not to '${connection.org}'`,
    );
  }
  return { ...sessionOf(connection), project };
}

function sessionOf(connection: Connection): Session {
  const { org } = connection;
  if (org === '') throw new ClientError('no org is named: set AGENT_API_ORG');
  return { api: new Api(connection), org, connection };
}

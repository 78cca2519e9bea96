import { dirname, join, resolve } from 'node:path';
import { isMap, parseDocument } from 'yaml';
import { serverUrl, type Target } from './connection.ts';
import { ClientError } from './failure.ts';
import { readIfExists } from './files.ts';

/** A folder of agents as files. */
export interface Project extends Target {
  readonly folder: string;
}

export const PROJECT_FILE = 'agent-api.yaml';
export const AGENTS_FOLDER = 'agents';

/**
 * The folder of agents that a folder is in.
 *
 * @returns undefined outside of any
 * @throws ClientError if its file does not name a server and an org
 */
export async function findProject(from: string): Promise<Project | undefined> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const text = await readIfExists(join(folder, PROJECT_FILE));
    if (text !== undefined) return { folder, ...targetIn(text, join(folder, PROJECT_FILE)) };
    if (dirname(folder) === folder) return undefined;
  }
}

/** @throws ClientError outside of any folder of agents */
export async function requireProject(from: string): Promise<Project> {
  const project = await findProject(from);
  if (project) return project;
  throw new ClientError(
    `this folder has no ${PROJECT_FILE}: run agent-api init, or go to a folder that has one`,
  );
}

function targetIn(text: string, file: string): Target {
  const { contents, errors } = parseDocument(text, { logLevel: 'silent' });
  const [url, org] = isMap(contents) ? [contents.get('url'), contents.get('org')] : [];
  if (errors.length === 0 && typeof url === 'string' && typeof org === 'string') {
    return { url: serverUrl(url), org };
  }
  throw new ClientError(`${file} does not name a url and an org`);
}

export function projectText({ url, org }: Target): string {
  return `# The server and the org that the agents of this folder belong to.
url: ${JSON.stringify(url)}
org: ${JSON.stringify(org)}
`;
}

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AgentDocument,
  type AgentFile,
  agentPath,
  newFileText,
  updatedText,
} from './agent-file.ts';
import { ClientError } from './failure.ts';
import { readIfExists, replaceFile } from './files.ts';
import { AGENTS_FOLDER, type Project } from './project.ts';

/**
 * Writes a document into the file of its agent. What does not change in it keeps its bytes.
 *
 * @param before the file as it was read; undefined if there was none
 * @returns whether the file has changed
 * @throws ClientError if the file has been edited since it was read: it is left as it is
 */
export async function writeAgentFile(
  project: Project,
  before: AgentFile | undefined,
  document: AgentDocument,
): Promise<boolean> {
  const path = agentPath(document.agent.id);
  const file = join(project.folder, path);
  const text = before ? updatedText(before, document) : newFileText(project.url, document);
  if (text === before?.text) return false;
  await assertUnchanged(file, path, before);
  await mkdir(join(project.folder, AGENTS_FOLDER), { recursive: true });
  await replaceFile(file, text);
  return true;
}

/** @throws ClientError if the file has been edited since it was read: it is left as it is */
export async function removeAgentFile(project: Project, before: AgentFile): Promise<void> {
  const file = join(project.folder, before.path);
  await assertUnchanged(file, before.path, before);
  await rm(file);
}

async function assertUnchanged(
  file: string,
  path: string,
  before: AgentFile | undefined,
): Promise<void> {
  if ((await readIfExists(file)) === before?.text) return;
  throw new ClientError(`${path} was edited meanwhile and is left as it is: run the command again`);
}

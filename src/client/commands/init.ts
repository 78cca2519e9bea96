import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { Api } from '../api.ts';
import { connectionOf } from '../connection.ts';
import { ClientError, EXIT, type ExitCode } from '../failure.ts';
import { readIfExists, replaceFile } from '../files.ts';
import { AGENTS_FOLDER, findProject, PROJECT_FILE, projectText } from '../project.ts';
import { viewerOf } from '../remote.ts';
import { type CommonOptions, printJson, remoteCommand, running } from '../run.ts';

export function addInit(program: Command): void {
  program.addCommand(
    remoteCommand(
      'init',
      'Make a folder one of agents as files, for the server and org of the profile.',
    )
      .argument('<dir>')
      .action((dir: string, options: CommonOptions) => running(options, () => init(dir, options))),
  );
}

/** Two branches may both write a line of the lock: git keeps both, and the lower version counts. */
const ATTRIBUTES = 'agents.lock merge=union\n';

async function init(dir: string, { profile, json }: CommonOptions): Promise<ExitCode> {
  const folder = resolve(dir);
  const project = await findProject(folder);
  if (project) throw new ClientError(`${join(project.folder, PROJECT_FILE)} exists already`);
  const { url, org, ...connection } = await connectionOf(process.env, profile, undefined);
  if (org === '') throw new ClientError('no org is named: set AGENT_API_ORG');
  const { memberships } = await viewerOf(new Api({ url, ...connection }));
  if (!memberships.some(({ orgId }) => orgId === org)) {
    throw new ClientError(`the token is not for the org '${org}'`);
  }
  await mkdir(join(folder, AGENTS_FOLDER), { recursive: true });
  await replaceFile(join(folder, PROJECT_FILE), projectText({ url, org }));
  const attributes = join(folder, '.gitattributes');
  const before = (await readIfExists(attributes)) ?? '';
  if (!before.includes(ATTRIBUTES)) await replaceFile(attributes, `${before}${ATTRIBUTES}`);
  if (json) printJson({ folder, url, org });
  else {
    const there = relative(process.cwd(), folder) || '.';
    process.stdout.write(
      `${there} is for the agents of the org '${org}' on ${url}.\nNext: cd ${there} && agent-api pull\n`,
    );
  }
  return EXIT.done;
}

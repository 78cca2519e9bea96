import type { Command } from 'commander';
import { printable } from '../../terminal/change-text.ts';
import {
  agentsWithFile,
  type FileProblem,
  InvalidFile,
  problemText,
  readAgentFile,
} from '../agent-file.ts';
import { ClientError, type Detail, EXIT, type ExitCode } from '../failure.ts';
import { placedProblems } from '../problems.ts';
import { requireProject } from '../project.ts';
import { type CommonOptions, printJson, remoteCommand, running } from '../run.ts';
import { agentIdOf } from '../selection.ts';

/** Loads the rules of documents, which need no server. They are large: other commands start without them. */
export type LoadRules = () => Promise<(document: object) => readonly Detail[]>;

const ABOUT = `Check the files of this folder, without a server.

The rules are those of a server of the same version as this program. Problems
are printed as FILE:LINE:COLUMN. Exit code 1 if there are any.`;

export function addValidate(program: Command, loadRules: LoadRules): void {
  program.addCommand(
    remoteCommand('validate', ABOUT)
      .summary('Check the files of this folder, without a server.')
      .argument('[agents...]')
      .action((agents: string[], options: CommonOptions) =>
        running(options, () => validate(agents, options, loadRules)),
      ),
  );
}

async function validate(
  named: readonly string[],
  { json }: CommonOptions,
  loadRules: LoadRules,
): Promise<ExitCode> {
  const project = await requireProject(process.cwd());
  const ids = named.length > 0 ? named.map(agentIdOf) : await agentsWithFile(project);
  const rules = await loadRules();
  const problems: FileProblem[] = [];
  for (const id of ids) {
    try {
      const file = await readAgentFile(project, id);
      if (!file) throw new ClientError(`there is no file of an agent '${id}' in this folder`);
      problems.push(...placedProblems(file, rules(file.document)));
    } catch (error) {
      if (!(error instanceof InvalidFile)) throw error;
      problems.push(...error.problems);
    }
  }
  if (json) printJson({ agents: ids, problems });
  else {
    for (const problem of problems) process.stdout.write(`${printable(problemText(problem))}\n`);
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    const files = ids.length === 1 ? '1 file' : `${ids.length} files`;
    process.stdout.write(`${count} in ${files}.\n`);
  }
  return problems.length > 0 ? EXIT.error : EXIT.done;
}

import { parseYaml } from '../yaml/parse.ts';
import type { AgentFile, FileProblem } from './agent-file.ts';
import type { Detail } from './failure.ts';

/** Problems of a file's content with their places in its text. */
export function placedProblems(
  { path, text }: Pick<AgentFile, 'path' | 'text'>,
  problems: readonly Detail[],
): readonly FileProblem[] {
  if (problems.length === 0) return [];
  const { placeOf } = parseYaml(text);
  return problems.map((problem) => {
    const [, line = 1, column = 1] =
      /^line (\d+), column (\d+)$/.exec(placeOf(problem.path) ?? '') ?? [];
    const at = problem.path === '' ? '' : `${problem.path} `;
    return {
      path,
      line: Number(line),
      column: Number(column),
      message: `${at}${problem.message}`,
    };
  });
}

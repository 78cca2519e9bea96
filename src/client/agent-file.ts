import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { DomainError } from '../domain/errors.ts';
import { isSameJson } from '../domain/json.ts';
import { parseYaml } from '../yaml/parse.ts';
import { ClientError, type Detail } from './failure.ts';
import { readIfExists } from './files.ts';
import { placedProblems } from './problems.ts';
import { AGENTS_FOLDER, type Project } from './project.ts';
import { editedYaml } from './yaml-edit.ts';
import { USUAL_LAYOUT, yamlText } from './yaml-text.ts';

/** An agent as a file has it: who it is, and the sections of its definition. */
export interface AgentDocument {
  readonly agent: {
    readonly id: string;
    readonly name: string;
    readonly description?: string | undefined;
  };
  readonly [section: string]: unknown;
}

/** A file that was read. */
export interface AgentFile {
  readonly id: string;
  /** Relative to the folder of the project. */
  readonly path: string;
  readonly text: string;
  readonly document: AgentDocument;
}

/** A problem of a file, with its place. */
export interface FileProblem {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A file that is no agent. */
export class InvalidFile extends ClientError {
  readonly problems: readonly FileProblem[];

  constructor(problems: readonly FileProblem[]) {
    super(problems.map(problemText).join('\n'));
    this.problems = problems;
  }
}

const SUFFIX = '.yaml';
/** Names of files that somebody may expect to be read. */
const AGENT_LIKE = /^[^.].*\.(?:ya?ml|json)$/i;
/** Names that are safe as a file's. The ids of agents are slugs. */
const SAFE_ID = /^[A-Za-z0-9][\w.-]{0,255}$/;

export function problemText({ path, line, column, message }: FileProblem): string {
  return `${path}:${line}:${column}: ${message}`;
}

/** @throws ClientError for an id that cannot be the name of a file */
export function agentPath(id: string): string {
  if (!SAFE_ID.test(id)) throw new ClientError(`'${id}' cannot be the id of an agent`);
  return `${AGENTS_FOLDER}/${id}${SUFFIX}`;
}

/**
 * The ids of the agents that have a file, in order.
 *
 * @throws ClientError for a file that looks like one of an agent and would not be read
 */
export async function agentsWithFile({ folder }: Project): Promise<readonly string[]> {
  const names = await readdir(join(folder, AGENTS_FOLDER)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const files = names.filter((name) => AGENT_LIKE.test(name));
  const stray = files.find((name) => !name.endsWith(SUFFIX));
  if (stray !== undefined) {
    throw new ClientError(`${AGENTS_FOLDER}/${stray} is not read: name it ID${SUFFIX}`);
  }
  const ids = files.map((name) => name.slice(0, -SUFFIX.length)).sort();
  for (const id of ids) agentPath(id);
  return ids;
}

/**
 * Reads the file of an agent.
 *
 * @returns undefined if there is none
 * @throws InvalidFile if it is no YAML, or does not name the agent that its own name names
 */
export async function readAgentFile(project: Project, id: string): Promise<AgentFile | undefined> {
  const path = agentPath(id);
  const text = await readIfExists(join(project.folder, path));
  return text === undefined ? undefined : agentFileOf(id, path, text);
}

/** @throws InvalidFile */
export function agentFileOf(id: string, path: string, text: string): AgentFile {
  const value = valueIn(path, text);
  const problems = headProblems(value, id);
  if (problems.length > 0) throw new InvalidFile(placedProblems({ path, text }, problems));
  return { id, path, text, document: value as AgentDocument };
}

function valueIn(path: string, text: string): unknown {
  const lines = new LineCounter();
  const { errors, warnings } = parseDocument(text, {
    lineCounter: lines,
    logLevel: 'silent',
    prettyErrors: false,
  });
  const [error] = [...errors, ...warnings];
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new InvalidFile([{ path, line, column: col, message: error.message }]);
  }
  try {
    // The server's own reading, whose limits are narrower than those of YAML.
    return parseYaml(text).value;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new InvalidFile([{ path, line: 1, column: 1, message: error.message }]);
  }
}

/** Of who the agent is. The rest is checked by the server, or by `validate`. */
function headProblems(value: unknown, id: string): readonly Detail[] {
  if (!isObject(value) || !isObject(value.agent)) {
    return [{ path: '', message: 'must have `agent`, with its id and name' }];
  }
  const { id: own, name, description, ...others } = value.agent;
  const problems = Object.keys(others).map((field) => ({
    path: `agent.${field}`,
    message: 'is not a field here',
  }));
  if (own !== id) {
    const message = `must be '${id}', the name of the file, and is '${String(own)}'`;
    problems.push({ path: 'agent.id', message });
  }
  if (typeof name !== 'string') problems.push({ path: 'agent.name', message: 'must be a text' });
  if (description !== undefined && typeof description !== 'string') {
    problems.push({ path: 'agent.description', message: 'must be a text' });
  }
  return problems;
}

/** The text of a new file. */
export function newFileText(url: string, document: AgentDocument): string {
  return `# yaml-language-server: $schema=${url}/v1/schemas/agent.json\n${yamlText(document, USUAL_LAYOUT)}`;
}

/**
 * The text of a file with the content of another document. Sections that the file does not have
 * stay absent: it does not manage them.
 */
export function updatedText({ text, document }: AgentFile, content: AgentDocument): string {
  const value = Object.fromEntries(
    Object.entries(content).filter(([name]) => name === 'agent' || name in document),
  );
  // What is no section is a mistake of the user's, which a pull must not remove.
  const others = Object.entries(document).filter(([name]) => !(name in content));
  return editedYaml(text, { ...value, ...Object.fromEntries(others) });
}

/** Whether the file says the same as a document, as far as it says anything. */
export function saysTheSame({ document }: AgentFile, content: AgentDocument): boolean {
  return Object.entries(document).every(([name, value]) => isSameJson(value, content[name]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

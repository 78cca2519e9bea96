import { parse } from 'yaml';
import { mintApiKey } from '../src/api-keys/token.ts';
import { systemEffects } from '../src/server/effects.ts';
import type { LoadRequest } from './load/job.ts';
import type { Load } from './load/load.ts';
import { type Project, startProject } from './processes.ts';
import { AGENTS, agentId, ORG, type Row, type RowId, rowsFor, STILL } from './rows.ts';

const TEMPLATE = '@anychat/agent-template.sales-development';

/** This project's server with its agents, and the requests that are measured on it. */
export interface Subject extends Project {
  readonly token: string;
  readonly rows: Readonly<Record<RowId, Row>>;
  /** Of the agent that never changes. */
  readonly version: number;
  /** The next requests of a row: reads of one version again and again, or writes that each change something. */
  repeated(row: RowId, count: number): LoadRequest[];
  /** A read of each agent that changes. */
  onceEach(row: RowId): LoadRequest[];
  /** Changes each of these agents, so that the next read of each is the first of its version. */
  touch(): Promise<void>;
  /** The answer of a row as a value, checked to be right. */
  answerOf(row: RowId): Promise<unknown>;
}

/** Starts the server on a new store in a folder, with the agents that are measured. */
export async function startSubject(
  folder: string,
  load: Load,
  flags: readonly string[] = [],
): Promise<Subject> {
  const token = mintApiKey(systemEffects().random);
  const project = await startProject(
    { STORE_URL: `lmdb:${folder}/data`, DEMO_DATA: '0', BOOTSTRAP_API_KEY: token },
    flags,
  );
  try {
    return await withAgents(project, load, token);
  } catch (error) {
    await project.stop();
    throw error;
  }
}

async function withAgents(project: Project, load: Load, token: string): Promise<Subject> {
  for (const id of [STILL, ...Array.from({ length: AGENTS }, (_, n) => agentId(n))]) {
    await call(project, token, 'POST', '', { id, name: 'Sales Development' }, 201);
    await call(project, token, 'POST', `/${id}/apply-template`, { templateId: TEMPLATE });
  }
  const { etag } = await call(project, token, 'GET', `/${STILL}`);
  const rows = rowsFor({ token, etag });
  let written = 0;
  const nextWrite = () => {
    written += 1;
    return rows.write.request(agentId(written), written);
  };
  return {
    ...project,
    token,
    rows,
    version: Number(etag.replaceAll('"', '')),
    repeated: (row, count) =>
      row === 'write' ? Array.from({ length: count }, nextWrite) : [rows[row].request(STILL, 0)],
    onceEach: (row) => Array.from({ length: AGENTS }, (_, n) => rows[row].request(agentId(n), n)),
    async touch() {
      const writes = Array.from({ length: AGENTS }, nextWrite);
      await load.send(project, writes, { count: writes.length });
    },
    async answerOf(row) {
      const request = row === 'write' ? nextWrite() : rows[row].request(STILL, 0);
      const { method, path, headers, body = null, status } = request;
      const response = await fetch(project.origin + path, { method, headers, body });
      const text = await response.text();
      if (response.status !== status) throw new Error(`${row}: ${response.status}: ${text}`);
      return checkedValue(row, text, response.headers.get('content-type') ?? '');
    },
  };
}

/** @throws Error for an answer that is not the one that the row is about */
function checkedValue(row: RowId, text: string, type: string): unknown {
  if (text === '') return undefined;
  const value = (type.includes('yaml') ? parse(text) : JSON.parse(text)) as {
    errors?: unknown;
    data?: { length?: number };
  };
  if (value.errors) throw new Error(`${row}: ${JSON.stringify(value.errors)}`);
  if (row === 'list-rest' && value.data?.length !== 50) throw new Error('not a list of 50 agents');
  return value;
}

async function call(
  { origin }: Project,
  token: string,
  method: string,
  path: string,
  body?: object,
  status = 200,
): Promise<{ readonly etag: string }> {
  const response = await fetch(`${origin}/v1/orgs/${ORG}/agents${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.status !== status) throw new Error(`${method} ${path}: ${response.status}: ${text}`);
  return { etag: response.headers.get('etag') ?? '' };
}

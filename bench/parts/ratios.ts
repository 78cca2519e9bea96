import type { LoadRequest } from '../load/job.ts';
import type { Extent, Load } from '../load/load.ts';
import { inFolder, type Running, startPeer } from '../processes.ts';
import { AGENTS, agentId, type Row, type RowId, STILL } from '../rows.ts';
import { median } from '../statistics.ts';
import type { Subject } from '../subject.ts';

/** Who answers: the peers, and this project for a version that it has answered, or for a new one. */
export const CELLS = ['bare', 'ready', 'fastify', 'repeated', 'first'] as const;
export type CellName = (typeof CELLS)[number];

/** CPU microseconds for each request, one figure for each round. */
export type Rounds = Readonly<Partial<Record<CellName, readonly number[]>>>;

export interface RatioOptions {
  readonly rows: readonly RowId[];
  readonly rounds: number;
  readonly cellSeconds: number;
}

const WARM_UP_SECONDS = 1;
/** Rounds of reading every agent once, before the measured ones. */
const WARM_UP_TOUCHES = 4;
const FEWEST = 100;

/** A way to load one server with one row's requests, again and again. */
interface Cell {
  readonly name: CellName;
  readonly row: RowId;
  readonly server: Running;
  requests(count: number): readonly LoadRequest[];
  /** Brought about before each load, and not measured. */
  prepare(): Promise<void>;
  /** Requests at once. */
  readonly clients: number;
  /** Requests for each load, where that is given; else as many as fit the time. */
  readonly count: number | undefined;
}

/**
 * Measures each row on each server, round after round, so that what disturbs the machine
 * disturbs all of them alike.
 */
export async function measureRatios(
  subject: Subject,
  load: Load,
  options: RatioOptions,
  progress: (text: string) => void,
): Promise<Readonly<Partial<Record<RowId, Rounds>>>> {
  return inFolder(async (folder) => {
    const answers: Partial<Record<RowId, unknown>> = {};
    for (const row of options.rows) answers[row] = await subject.answerOf(row);
    const bare = await startPeer('bare', answers);
    const fastify = await startPeer('fastify', {
      folder,
      token: subject.token,
      ids: [STILL, ...Array.from({ length: AGENTS }, (_, n) => agentId(n))],
      version: subject.version,
      agent: await subject.answerOf('rest-small'),
      definition: await subject.answerOf('export-json'),
    });
    const cells = options.rows.flatMap((row) => cellsOf(row, subject, bare, fastify));
    const counts = new Map<Cell, number>();
    for (const cell of cells) {
      progress(`warming up ${cell.row}, ${cell.name}`);
      counts.set(cell, await warmUp(cell, load, options.cellSeconds));
    }
    const figures = new Map<Cell, number[]>(cells.map((cell) => [cell, []]));
    for (let round = 1; round <= options.rounds; round += 1) {
      for (const [cell, rounds] of figures) {
        progress(`round ${round} of ${options.rounds}: ${cell.row}, ${cell.name}`);
        const { micros } = await measureCell(cell, load, counts.get(cell) ?? FEWEST);
        rounds.push(micros);
      }
    }
    await Promise.all([bare.stop(), fastify.stop()]);
    return byRow(figures);
  });
}

function cellsOf(row: RowId, subject: Subject, bare: Running, fastify: Running): Cell[] {
  const it = subject.rows[row];
  const nothing = async () => undefined;
  const usual = { row, clients: it.clients, prepare: nothing, count: undefined };
  const cells: Cell[] = [
    {
      ...usual,
      name: 'bare',
      server: bare,
      requests: () => [peerRequest(it, STILL, `/${it.bare}/${row}`)],
    },
  ];
  if (it.bare === 'stringify') {
    const ready = peerRequest(it, STILL, `/ready/${row}`);
    cells.push({ ...usual, name: 'ready', server: bare, requests: () => [ready] });
  }
  cells.push(
    {
      ...usual,
      name: 'fastify',
      server: fastify,
      requests: (count) =>
        row === 'write'
          ? Array.from({ length: count }, (_, n) =>
              peerRequest(it, agentId(n), it.fastify(agentId(n)), n),
            )
          : [peerRequest(it, STILL, it.fastify(STILL))],
    },
    {
      ...usual,
      name: 'repeated',
      server: subject,
      requests: (count) => subject.repeated(row, count),
    },
  );
  if (it.first) {
    cells.push({
      ...usual,
      name: 'first',
      server: subject,
      requests: () => subject.onceEach(row),
      prepare: () => subject.touch(),
      count: AGENTS,
    });
  }
  return cells;
}

/** The row's request as it is sent to a peer: no GraphQL, so a query is a GET. */
function peerRequest(row: Row, agent: string, path: string, n = 0): LoadRequest {
  const { body, method, ...request } = row.request(agent, n);
  if (method === 'PATCH' && body !== undefined) return { ...request, method, path, body };
  return { ...request, method: 'GET', path };
}

/** Runs a cell until its code is compiled. @returns how many requests fit the time of a load */
async function warmUp(cell: Cell, load: Load, seconds: number): Promise<number> {
  if (cell.count !== undefined) {
    for (let i = 0; i < WARM_UP_TOUCHES; i += 1) await measureCell(cell, load, cell.count);
    return cell.count;
  }
  await run({ seconds: WARM_UP_SECONDS }, 10_000);
  const { requests } = await run({ seconds }, 10_000);
  return Math.max(FEWEST, requests);

  async function run(extent: Extent, most: number) {
    await cell.prepare();
    return load.send(cell.server, cell.requests(most), extent, { connections: cell.clients });
  }
}

async function measureCell(cell: Cell, load: Load, count: number) {
  await cell.prepare();
  return load.measure(cell.server, cell.requests(count), { count }, cell.clients);
}

function byRow(figures: ReadonlyMap<Cell, readonly number[]>) {
  const rows: Partial<Record<RowId, Rounds>> = {};
  for (const [{ row, name }, rounds] of figures) rows[row] = { ...rows[row], [name]: rounds };
  return rows;
}

/** A row of the table: medians, and their ratios. */
export interface RatioRow {
  readonly micros: Readonly<Partial<Record<CellName, number>>>;
  /** Of the project's figures to the same row's of the bare server, and of the fastify one. */
  readonly toBare: Readonly<Partial<Record<'repeated' | 'first', number>>>;
  readonly toFastify: Readonly<Partial<Record<'repeated' | 'first', number>>>;
}

export function ratiosOf(rounds: Rounds): RatioRow {
  const micros: Partial<Record<CellName, number>> = {};
  for (const name of CELLS) {
    const figures = rounds[name];
    if (figures) micros[name] = median(figures);
  }
  const to = (base: number | undefined) => {
    const ratios: Partial<Record<'repeated' | 'first', number>> = {};
    for (const name of ['repeated', 'first'] as const) {
      const figure = micros[name];
      if (figure !== undefined && base !== undefined) ratios[name] = figure / base;
    }
    return ratios;
  };
  return { micros, toBare: to(micros.bare), toFastify: to(micros.fastify) };
}

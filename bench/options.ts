import { parseArgs } from 'node:util';

/** The parts of a run, in their order. */
export const PARTS = ['ratios', 'latency', 'memory', 'reads', 'start'] as const;
export type Part = (typeof PARTS)[number];

export interface Options {
  readonly parts: ReadonlySet<Part>;
  /** The rows to measure, by id. */
  readonly rows: ReadonlySet<string>;
  readonly rounds: number;
  /** How long the load of one cell lasts, in seconds. */
  readonly cellSeconds: number;
  /** How many requests of all kinds the memory is watched over. */
  readonly memoryRequests: number;
  /** How many reads of single agents come between the two measurements of lists and writes. */
  readonly singleReads: number;
  /** How often the server is started. */
  readonly starts: number;
  /** Where the figures are written as JSON. */
  readonly json: string | undefined;
  /** Names the top costs of each row instead of measuring ratios. */
  readonly profile: boolean;
}

export const USAGE = `npm run bench -- [options]

  --quick         fewer rounds and requests: about a minute
  --rows=A,B      only these rows
  --parts=A,B     only these of ${PARTS.join(', ')}
  --rounds=N      rounds of each cell (11)
  --memory=N      requests over which the memory is watched (20000)
  --reads=N       single reads between two measurements of lists and writes (20000)
  --json=FILE     writes the figures as JSON, too
  --profile       names the top costs of each row instead
`;

const DEFAULTS = { rounds: 11, cellSeconds: 0.15, memory: 20_000, reads: 20_000, starts: 3 };
const QUICK = { rounds: 3, cellSeconds: 0.1, memory: 5_000, reads: 5_000, starts: 1 };

/**
 * @param rowIds every row that exists
 * @throws TypeError for an unknown option, row or part, or for a number that is none
 */
export function parseOptions(args: readonly string[], rowIds: readonly string[]): Options {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: flag,
      profile: flag,
      rows: text,
      parts: text,
      rounds: text,
      memory: text,
      reads: text,
      json: text,
    },
  });
  const usual = values.quick ? QUICK : DEFAULTS;
  return {
    parts: new Set(chosen('--parts', values.parts, PARTS)),
    rows: new Set(chosen('--rows', values.rows, rowIds)),
    rounds: countOf('--rounds', values.rounds, usual.rounds),
    cellSeconds: usual.cellSeconds,
    memoryRequests: countOf('--memory', values.memory, usual.memory),
    singleReads: countOf('--reads', values.reads, usual.reads),
    starts: usual.starts,
    json: values.json,
    profile: values.profile,
  };
}

function chosen<T extends string>(
  option: string,
  given: string | undefined,
  all: readonly T[],
): readonly T[] {
  if (given === undefined) return all;
  return given.split(',').map((name) => {
    const known = all.find((it) => it === name);
    if (known === undefined)
      throw new TypeError(`${option} knows ${all.join(', ')}, not '${name}'`);
    return known;
  });
}

function countOf(option: string, given: string | undefined, usual: number): number {
  if (given === undefined) return usual;
  if (!/^[1-9]\d{0,8}$/.test(given)) throw new TypeError(`${option} must be a number from 1`);
  return Number(given);
}

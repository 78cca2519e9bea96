import { cpus, release } from 'node:os';
import type { Latency } from './parts/latency.ts';
import type { Memory } from './parts/memory.ts';
import { type RatioRow, type Rounds, ratiosOf } from './parts/ratios.ts';
import type { AfterReads } from './parts/reads.ts';
import type { Start } from './parts/start.ts';
import type { RowProfile } from './profile/profile.ts';
import { ROW_IDS, type Row, type RowId } from './rows.ts';
import { spread } from './statistics.ts';
import { type Cell, table } from './table.ts';

export interface Machine {
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly kernel: string;
}

export function thisMachine(): Machine {
  const [cpu] = cpus();
  return {
    node: process.version,
    cpu: cpu?.model ?? 'unknown',
    cores: cpus().length,
    kernel: release(),
  };
}

/** The figures of each row that was measured, with every round's. */
export type RatioReport = Readonly<
  Partial<Record<RowId, RatioRow & { readonly title: string; readonly rounds: Rounds }>>
>;

export function reportOfRatios(
  rows: Readonly<Record<RowId, Row>>,
  measured: Readonly<Partial<Record<RowId, Rounds>>>,
): RatioReport {
  const report: Partial<Record<RowId, RatioRow & { title: string; rounds: Rounds }>> = {};
  for (const id of ROW_IDS) {
    const rounds = measured[id];
    if (rounds) report[id] = { title: rows[id].title, ...ratiosOf(rounds), rounds };
  }
  return report;
}

/** One line a row: CPU microseconds, then ratios with their targets. */
export function tableOfRatios(rows: Readonly<Record<RowId, Row>>, report: RatioReport): string {
  const heads = ['CPU µs a request', 'bare', 'ready', 'fastify'];
  for (const read of ['repeated', 'first']) heads.push(read, '× bare', 'target', '× fastify');
  heads.push('± %');
  const lines = ROW_IDS.flatMap((id) => {
    const it = report[id];
    if (!it) return [];
    const { micros, toBare, toFastify, rounds } = it;
    const { targets } = rows[id];
    return [
      [
        it.title,
        digits(micros.bare, 0),
        digits(micros.ready, 0),
        digits(micros.fastify, 0),
        digits(micros.repeated, 0),
        digits(toBare.repeated, 1),
        digits(targets.repeated, 1),
        digits(toFastify.repeated, 1),
        digits(micros.first, 0),
        digits(toBare.first, 1),
        digits(targets.first, 1),
        digits(toFastify.first, 1),
        digits(Math.max(...Object.values(rounds).map((figures) => 100 * spread(figures))), 0),
      ],
    ];
  });
  return table(heads, lines);
}

export function tableOfLatency(figures: readonly Latency[]): string {
  const heads = ['at half the highest rate', 'highest/s', 'p50 ms', 'p99 ms', 'p99/p50', 'target'];
  return table(
    heads,
    figures.map(({ title, highest, p50, p99, ratio }) => [
      title,
      [highest, 0],
      [p50, 2],
      [p99, 2],
      [ratio, 1],
      '5',
    ]),
  );
}

export function tableOfReads(figures: readonly AfterReads[], reads: number): string {
  const heads = [
    `CPU µs a request`,
    'before',
    `after ${reads} single reads`,
    'after/before',
    'target',
  ];
  return table(
    heads,
    figures.map(({ row, before, after }) => [
      row,
      [before, 0],
      [after, 0],
      [after / before, 2],
      '1',
    ]),
  );
}

export function tableOfMemory({ requests, samples, growth }: Memory): string {
  const quarters = [0.25, 0.5, 0.75, 1].map(
    (part) => samples[Math.round(part * samples.length) - 1],
  );
  const heads = [
    `MiB over ${requests} mixed requests`,
    '1/4',
    '1/2',
    '3/4',
    'end',
    'growth',
    'target',
  ];
  return table(heads, [
    ['memory of its own', ...quarters.map((it) => digits(it, 0)), [growth, 2], '1'],
  ]);
}

export function tableOfStarts(starts: readonly Start[]): string {
  return table(
    ['start to ready', 'CPU s', 'seconds', 'target CPU s'],
    starts.map(({ title, cpuSeconds, seconds }) => [title, [cpuSeconds, 2], [seconds, 2], '1.5']),
  );
}

const TOP = 15;

/** A row's dearest packages and files, alone and with what they call, and its dearest functions. */
export function textOfProfile({ row, read, micros, costs }: RowProfile): string {
  const cells = (share: number): Cell[] => [
    [100 * share, 1],
    [micros * share, 0],
  ];
  const alone = costs.groups.slice(0, TOP).map(({ group, self }) => [group, ...cells(self)]);
  const withCallees = costs.groups
    .filter(({ group }) => group !== '(root)')
    .toSorted((a, b) => b.total - a.total)
    .slice(0, TOP)
    .map(({ group, total }) => [group, ...cells(total)]);
  const functions = costs.functions
    .slice(0, TOP)
    .map(({ name, group, self }) => [`${name}  ${group}`, ...cells(self)]);
  return [
    `${row}, ${read} read: ${micros.toFixed(0)} µs a request\n`,
    table(['package or file, alone', '%', 'µs'], alone),
    table(['package or file, with what it calls', '%', 'µs'], withCallees),
    table(['function, alone', '%', 'µs'], functions),
  ].join('\n');
}

function digits(value: number | undefined, count: number): Cell {
  return value === undefined ? undefined : [value, count];
}

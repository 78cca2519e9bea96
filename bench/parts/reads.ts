import type { Load } from '../load/load.ts';
import type { RowId } from '../rows.ts';
import { median } from '../statistics.ts';
import type { Subject } from '../subject.ts';

/** What single reads must not make dearer. */
const MEASURED = ['list-rest', 'list-graphql', 'write'] as const satisfies readonly RowId[];
const COUNT = 200;
const ROUNDS = 7;
const WARM_UP = 2_000;

export interface AfterReads {
  readonly row: (typeof MEASURED)[number];
  /** CPU microseconds for each request. */
  readonly before: number;
  readonly after: number;
}

/**
 * What lists and writes cost before and after many reads of single agents, in one process: V8
 * learns from the reads where to allocate, and a list may pay for it.
 *
 * @param subject on its own: nothing was read from it yet
 */
export async function measureAfterReads(
  subject: Subject,
  load: Load,
  reads: number,
  progress: (text: string) => void,
): Promise<readonly AfterReads[]> {
  const before = await costs('before');
  progress(`${reads} single reads`);
  const kinds = ['rest-small', 'export-json', 'graphql-small'] as const;
  await load.send(
    subject,
    kinds.flatMap((row) => subject.onceEach(row)),
    { count: reads },
  );
  const after = await costs('after');
  return MEASURED.map((row) => ({ row, before: before[row], after: after[row] }));

  async function costs(when: string) {
    const figures = { 'list-rest': 0, 'list-graphql': 0, write: 0 };
    for (const row of MEASURED) {
      progress(`${when} single reads: ${row}`);
      await load.send(subject, subject.repeated(row, WARM_UP), { count: WARM_UP });
      const rounds: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const { micros } = await load.measure(subject, subject.repeated(row, COUNT), {
          count: COUNT,
        });
        rounds.push(micros);
      }
      figures[row] = median(rounds);
    }
    return figures;
  }
}

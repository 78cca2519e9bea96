import { setTimeout as sleep } from 'node:timers/promises';
import { mainThreadMicros } from '../cpu.ts';
import type { LoadRequest } from '../load/job.ts';
import type { Extent, Load } from '../load/load.ts';
import { AGENTS, type RowId } from '../rows.ts';
import type { Subject } from '../subject.ts';
import { type Costs, type CpuProfile, costsOf } from './costs.ts';
import { Profiler } from './inspector.ts';
import { placesOfBundle } from './places.ts';

/** What a server must be started with for its profiles. */
export const PROFILED = ['--inspect=127.0.0.1:0'];

export interface RowProfile {
  readonly row: RowId;
  readonly read: 'repeated' | 'first';
  /** CPU microseconds of the main thread for each request. */
  readonly micros: number;
  readonly costs: Costs;
}

const WARM_UP_SECONDS = 2;
const SECONDS = 2;
const TOUCHES = 8;
/** More than are sent in that time, so that no write is sent twice. */
const MOST = 10_000;
/** What writes leave behind is done within this. */
const AFTERWARDS_MS = 200;

/** Where the time of each row goes, after warming up. */
export async function profileRows(
  subject: Subject,
  load: Load,
  rows: readonly RowId[],
  progress: (text: string) => void,
): Promise<readonly RowProfile[]> {
  if (subject.inspector === undefined) throw new Error('the server has no inspector');
  const profiler = await Profiler.connect(subject.inspector);
  const placeOf = placesOfBundle();
  const profiles: RowProfile[] = [];
  try {
    for (const row of rows) {
      progress(`profile: ${row}, repeated`);
      const connections = subject.rows[row].clients;
      const warmUp = { seconds: WARM_UP_SECONDS };
      await load.send(subject, subject.repeated(row, MOST), warmUp, { connections });
      const again = { requests: () => subject.repeated(row, MOST), extent: { seconds: SECONDS } };
      profiles.push({ row, read: 'repeated', ...(await sampled(row, [again])) });
      if (!subject.rows[row].first) continue;
      progress(`profile: ${row}, first`);
      const once = { requests: () => subject.onceEach(row), extent: { count: AGENTS } };
      const each = Array.from({ length: TOUCHES }, () => once);
      profiles.push({ row, read: 'first', ...(await sampled(row, each, () => subject.touch())) });
    }
    return profiles;
  } finally {
    // A server does not end while it is inspected.
    profiler.close();
  }

  async function sampled(
    row: RowId,
    loads: readonly { requests(): readonly LoadRequest[]; readonly extent: Extent }[],
    prepare: () => Promise<void> = async () => undefined,
  ) {
    const taken: CpuProfile[] = [];
    const connections = subject.rows[row].clients;
    let answered = 0;
    let cpu = 0;
    for (const { requests, extent } of loads) {
      await prepare();
      await sleep(AFTERWARDS_MS);
      const profile = await profiler.during(async () => {
        const before = mainThreadMicros(subject.pid);
        answered += (await load.send(subject, requests(), extent, { connections })).requests;
        await sleep(AFTERWARDS_MS);
        cpu += mainThreadMicros(subject.pid) - before;
      });
      taken.push(profile);
    }
    return { micros: cpu / answered, costs: costsOf(taken, placeOf) };
  }
}

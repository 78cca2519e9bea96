import { ownMebibytes } from '../cpu.ts';
import type { Load } from '../load/load.ts';
import { mixOf } from '../mix.ts';
import type { Subject } from '../subject.ts';

const PARTS = 20;

export interface Memory {
  readonly requests: number;
  /** MiB of its own after each twentieth of the requests. */
  readonly samples: readonly number[];
  /** The most in the last quarter as a ratio to the most in the second: 1 is flat. */
  readonly growth: number;
}

/** The server's memory while it answers requests of all kinds. */
export async function measureMemory(
  subject: Subject,
  load: Load,
  requests: number,
  progress: (text: string) => void,
): Promise<Memory> {
  const mix = mixOf(subject.rows);
  const samples: number[] = [];
  const count = Math.max(1, Math.round(requests / PARTS));
  for (let part = 1; part <= PARTS; part += 1) {
    progress(`memory: ${part} of ${PARTS}`);
    await load.send(subject, mix, { count });
    samples.push(ownMebibytes(subject.pid));
  }
  return { requests: count * PARTS, samples, growth: growthOf(samples) };
}

/** The most in the last quarter of the samples as a ratio to the most in the second. */
export function growthOf(samples: readonly number[]): number {
  const quarter = samples.length / 4;
  const most = (from: number, to: number) => Math.max(...samples.slice(from, to));
  return (
    most(Math.floor(3 * quarter), samples.length) /
    most(Math.floor(quarter), Math.ceil(2 * quarter))
  );
}

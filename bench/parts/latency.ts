import type { LoadRequest } from '../load/job.ts';
import type { Load } from '../load/load.ts';
import { mixOf } from '../mix.ts';
import { median } from '../statistics.ts';
import type { Subject } from '../subject.ts';

export interface LatencyOptions {
  /** How long each load lasts. */
  readonly seconds: number;
  readonly windows: number;
}

export interface Latency {
  readonly title: string;
  /** The most requests a second that the server answers. */
  readonly highest: number;
  /** At half of that, in milliseconds, from when a request was due. */
  readonly p50: number;
  readonly p99: number;
  /** The median of the windows' ratios. */
  readonly ratio: number;
}

/** More than are needed at half the rate: a request waits for the server, not for a connection. */
const CONNECTIONS = 128;

/**
 * What a request waits at half of the highest rate. The highest is what 32 clients get that
 * each send their next request when they have an answer.
 */
export async function measureLatency(
  subject: Subject,
  load: Load,
  { seconds, windows }: LatencyOptions,
  progress: (text: string) => void,
): Promise<readonly Latency[]> {
  const kinds: readonly (readonly [title: string, requests: () => readonly LoadRequest[]])[] = [
    ['small read, REST', () => subject.repeated('rest-small', 1)],
    ['whole agent, REST JSON', () => subject.repeated('export-json', 1)],
    ['write', () => subject.repeated('write', 10_000)],
    ['all kinds mixed', () => mixOf(subject.rows)],
  ];
  const measured: Latency[] = [];
  for (const [title, requests] of kinds) {
    progress(`latency: ${title}`);
    await load.send(subject, requests(), { seconds });
    const closed = await load.send(subject, requests(), { seconds });
    const highest = closed.requests / closed.seconds;
    const rate = { perSecond: highest / 2, connections: CONNECTIONS };
    // Opens the connections.
    await load.send(subject, requests(), { seconds: 0.2 }, rate);
    const runs: { readonly p50: number; readonly p99: number }[] = [];
    for (let i = 0; i < windows; i += 1) {
      runs.push(await load.send(subject, requests(), { seconds }, rate));
    }
    measured.push({
      title,
      highest,
      p50: median(runs.map(({ p50 }) => p50)),
      p99: median(runs.map(({ p99 }) => p99)),
      ratio: median(runs.map(({ p50, p99 }) => p99 / p50)),
    });
  }
  return measured;
}

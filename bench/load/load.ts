import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { microsBetween, quiet, threadTimes } from '../cpu.ts';
import type { Running } from '../processes.ts';
import {
  CLIENTS,
  type LoadAnswer,
  type LoadJob,
  type LoadRequest,
  type LoadResult,
} from './job.ts';

/** How long a load lasts: requests, or seconds. */
export type Extent = { readonly count: number } | { readonly seconds: number };

export interface Measured extends LoadResult {
  /** The server's CPU time for each request, in microseconds, the work it left behind included. */
  readonly micros: number;
}

/** Sends load from a process of its own, so that a server's CPU time is its own alone. */
export class Load {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(process.argv[1] ?? '', ['load']);
  }

  /** @throws Error when an answer has another status than its request names */
  async send(
    { origin }: Running,
    requests: readonly LoadRequest[],
    extent: Extent,
    { connections = CLIENTS, perSecond }: { connections?: number; perSecond?: number } = {},
  ): Promise<LoadResult> {
    const job: LoadJob = {
      origin,
      requests,
      connections,
      ...extent,
      ...(perSecond !== undefined && { perSecond }),
    };
    this.#child.send(job);
    const [answer] = (await once(this.#child, 'message')) as [LoadAnswer];
    if ('error' in answer) throw new Error(answer.error);
    return answer.result;
  }

  /** Sends a load and measures what it costs the server, over connections that are open before. */
  async measure(
    server: Running,
    requests: readonly LoadRequest[],
    extent: Extent,
    connections = CLIENTS,
  ): Promise<Measured> {
    await this.send(server, [LIVE], { count: connections }, { connections });
    await quiet(server.pid);
    const before = threadTimes(server.pid);
    const result = await this.send(server, requests, extent, { connections });
    await quiet(server.pid);
    const micros = microsBetween(before, threadTimes(server.pid)) / result.requests;
    return { ...result, micros };
  }

  stop(): void {
    this.#child.disconnect();
  }
}

/** Every server of a run answers this, and nothing that is measured depends on it. */
const LIVE: LoadRequest = { method: 'GET', path: '/livez', headers: {}, status: 200 };

import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type Dispatcher } from 'undici';
import { percentile } from '../statistics.ts';
import type { LoadJob, LoadRequest, LoadResult } from './job.ts';

/** How often requests that are due are sent, where their rate is given. */
const TICK_MS = 1;

/** By origin: connections stay open from job to job, so that a server's work of accepting them counts for none. */
const connections = new Map<string, Client[]>();

/**
 * Sends what a job says and waits for every answer.
 *
 * @throws Error for an answer of another status, or none
 */
export async function runJob(job: LoadJob): Promise<LoadResult> {
  const clients = connectionsOf(job);
  const latencies: number[] = [];
  const sent = new Sent(job);
  const began = performance.now();
  if (job.perSecond === undefined) await asFastAsAnswered(clients, sent, latencies);
  else await atRate(clients, sent, latencies, job.perSecond);
  return {
    requests: latencies.length,
    seconds: (performance.now() - began) / 1_000,
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99),
  };
}

function connectionsOf({ origin, connections: wanted }: LoadJob): Client[] {
  const open = connections.get(origin) ?? [];
  connections.set(origin, open);
  while (open.length < wanted) open.push(new Client(origin, { pipelining: 1 }));
  return open.slice(0, wanted);
}

/** Hands out the requests of a job until its end. */
class Sent {
  #count = 0;
  readonly #job: LoadJob;
  readonly #end: number;

  constructor(job: LoadJob) {
    this.#job = job;
    this.#end = performance.now() + (job.seconds ?? Number.POSITIVE_INFINITY) * 1_000;
  }

  next(): LoadRequest | undefined {
    const { requests, count = Number.POSITIVE_INFINITY } = this.#job;
    if (this.#count >= count || performance.now() >= this.#end) return undefined;
    const request = requests[this.#count % requests.length];
    this.#count += 1;
    return request;
  }
}

async function asFastAsAnswered(clients: readonly Client[], sent: Sent, latencies: number[]) {
  const queue = async (client: Client) => {
    for (let request = sent.next(); request; request = sent.next()) {
      const began = performance.now();
      await send(client, request);
      latencies.push(performance.now() - began);
    }
  };
  await Promise.all(clients.map(queue));
}

async function atRate(
  clients: readonly Client[],
  sent: Sent,
  latencies: number[],
  perSecond: number,
) {
  const idle = [...clients];
  const waiting: { readonly request: LoadRequest; readonly due: number }[] = [];
  const underWay = new Set<Promise<void>>();
  let failure: unknown;
  const dispatch = () => {
    while (idle.length > 0 && waiting.length > 0) {
      const client = idle.pop();
      const job = waiting.shift();
      if (!client || !job) return;
      const answered = send(client, job.request)
        .then(() => {
          latencies.push(performance.now() - job.due);
        })
        .catch((error: unknown) => {
          failure = error;
        })
        .finally(() => {
          underWay.delete(answered);
          idle.push(client);
          dispatch();
        });
      underWay.add(answered);
    }
  };
  const began = performance.now();
  let due = began;
  let ended = false;
  while (!ended && failure === undefined) {
    for (const now = performance.now(); due <= now && !ended; due += 1_000 / perSecond) {
      const request = sent.next();
      if (request) waiting.push({ request, due });
      else ended = true;
    }
    dispatch();
    await sleep(TICK_MS);
  }
  while (underWay.size > 0) await Promise.all(underWay);
  if (failure !== undefined) throw failure;
}

function send(client: Client, request: LoadRequest): Promise<void> {
  const { method, path, headers, body = null, status } = request;
  return new Promise<void>((resolve, reject) => {
    const text: Buffer[] = [];
    let wrong: number | undefined;
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart() {},
      onResponseStart(_, statusCode) {
        if (statusCode !== status) wrong = statusCode;
      },
      onResponseData(_, chunk) {
        if (wrong !== undefined) text.push(chunk);
      },
      onResponseEnd() {
        if (wrong === undefined) resolve();
        else
          reject(new Error(`${method} ${path}: ${wrong}, not ${status}: ${Buffer.concat(text)}`));
      },
      onResponseError(_, error) {
        reject(error);
      },
    };
    client.dispatch({ method, path, headers: { ...headers }, body }, handler);
  });
}

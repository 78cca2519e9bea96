/** Clients at once, each with one request under way: as many as the targets are for. */
export const CLIENTS = 32;

/** One request of a load, and the status that its answer must have. */
export interface LoadRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly status: number;
}

/** What the load process is asked to send. */
export interface LoadJob {
  readonly origin: string;
  /** Sent one after the other, again from the first when there are no more. */
  readonly requests: readonly LoadRequest[];
  readonly connections: number;
  /** Ends after so many requests, or when the seconds are over. */
  readonly count?: number;
  readonly seconds?: number;
  /** So many a second, at even distances, whatever the answers take. As fast as they come when undefined. */
  readonly perSecond?: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** From when a request was due until its answer was complete, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** What the load process answers. */
export type LoadAnswer = { readonly result: LoadResult } | { readonly error: string };

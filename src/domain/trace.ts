import type { Origin } from './origin.ts';

/** Names the request that caused a call to another host. */
export type Trace = Pick<Origin, 'requestId' | 'traceparent'>;

/** W3C Trace Context, version 00: a trace and a span that are not all zeros. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The `traceparent` header; undefined for one that is not valid, which is to be ignored. */
export function traceparentOf(header: unknown): string | undefined {
  return typeof header === 'string' && TRACEPARENT.test(header) ? header : undefined;
}

/** @param traceparent as `traceparentOf` returns it */
export function traceIdOf(traceparent: string): string | undefined {
  return TRACEPARENT.exec(traceparent)?.[1];
}

/** The headers that pass a request's id and trace on. */
export function traceHeaders({ requestId, traceparent }: Trace): Record<string, string> {
  return {
    ...(requestId !== undefined && { 'x-request-id': requestId }),
    ...(traceparent !== undefined && { traceparent }),
  };
}

/** The trace alone, of an origin or an event. */
export function traceOf({ requestId, traceparent }: Trace): Trace {
  return {
    ...(requestId !== undefined && { requestId }),
    ...(traceparent !== undefined && { traceparent }),
  };
}

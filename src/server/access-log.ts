import { traceIdOf } from '../domain/trace.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Logger } from './log.ts';

/** The ways in, as the log names them. */
export type EntranceName = 'rest' | 'graphql' | 'page' | 'health';

/** How a request ended. */
export interface Ended {
  readonly exchange: Exchange;
  readonly entrance: EntranceName;
  readonly status: number;
  /** Of the body; unset for a stream. */
  readonly bytes: number | undefined;
  readonly ms: number;
}

/**
 * Writes one line for each request. It holds ids and names from the schema: no path, query,
 * variable, header or body of the caller's, for any of them may contain a secret.
 */
export function accessLog(log: Logger): (ended: Ended) => void {
  return ({ exchange: { requestId, request, notes, trace }, entrance, status, bytes, ms }) => {
    const { operation, principal, cached, cpuMs, code } = notes;
    const line = {
      requestId,
      traceId: trace.traceparent && traceIdOf(trace.traceparent),
      door: entrance,
      method: request.method,
      operation: operation?.name ?? operation?.label,
      document: operation?.document,
      status,
      code,
      ms: rounded(ms),
      cpuMs: cpuMs === undefined ? undefined : rounded(cpuMs),
      bytes,
      org: notes.org,
      principal: principal?.id,
      // Nothing else names the caller of a request without a valid token.
      address: principal ? undefined : request.socket.remoteAddress,
      cached,
    };
    // Probes ask every few seconds.
    if (entrance === 'health') log.debug(line, 'request');
    else log.info(line, 'request');
  };
}

/** To microseconds. */
function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

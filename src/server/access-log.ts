import { traceIdOf } from '../domain/trace.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Logs } from './log.ts';

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
 *
 * The line is put together by hand: a general logger costs a short answer a fifth of its CPU.
 */
export function accessLog({ log, writeLine }: Logs): (ended: Ended) => void {
  const writes = { info: log.isLevelEnabled('info'), debug: log.isLevelEnabled('debug') };
  return (ended) => {
    // Probes ask every few seconds.
    const level = ended.entrance === 'health' ? 'debug' : 'info';
    if (writes[level]) writeLine(lineOf(level, ended));
  };
}

function lineOf(level: string, { exchange, entrance, status, bytes, ms }: Ended): string {
  const { requestId, request, notes, span, trace } = exchange;
  const { operation, principal, cached, cpuMs, code, org } = notes;
  let line = `{"level":"${level}","time":"${isoNow()}","requestId":${text(requestId)}`;
  if (trace.traceparent !== undefined) line += `,"trace_id":"${traceIdOf(trace.traceparent)}"`;
  if (span) line += `,"span_id":"${span.spanId}"`;
  line += `,"door":"${entrance}","method":${text(request.method ?? '')}`;
  if (operation) line += `,"operation":${text(operation.name ?? operation.label)}`;
  // Metrics and spans name an operation by its label: a client can give it any name.
  if (operation?.name !== undefined) line += `,"root":${text(operation.label)}`;
  if (operation?.document !== undefined) line += `,"document":"${operation.document}"`;
  line += `,"status":${status}`;
  if (code !== undefined) line += `,"code":"${code}"`;
  line += `,"ms":${rounded(ms)}`;
  if (cpuMs !== undefined) line += `,"cpuMs":${rounded(cpuMs)}`;
  if (bytes !== undefined) line += `,"bytes":${bytes}`;
  if (org !== undefined) line += `,"org":${text(org)}`;
  if (principal) line += `,"principal":${text(principal.id)}`;
  // Nothing else names the caller of a request without a valid token.
  else line += `,"address":${text(exchange.address)}`;
  return `${line},"cached":${cached},"msg":"request"}\n`;
}

/** Most texts need no escapes. */
function text(value: string): string {
  return PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
}

const PLAIN = /^[\w .:/{}+=@-]*$/;

let formattedAt = 0;
let formatted = '';

/** Formatted once a millisecond. */
function isoNow(): string {
  const now = Date.now();
  if (now !== formattedAt) {
    formattedAt = now;
    formatted = new Date(now).toISOString();
  }
  return formatted;
}

/** To microseconds. */
function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

import type { Trace } from '../domain/trace.ts';
import type { Attributes, Tracer } from './span.ts';

/** A call to another host. Its path and query are not noted: they may hold a secret. */
export interface OutgoingCall {
  readonly method: string;
  readonly url: URL;
  /** Beside those of HTTP. */
  readonly attributes?: Attributes;
}

/**
 * Makes a call, in a span of its own where the server traces.
 *
 * @param trace of the request that caused the call
 * @param run called with the trace to pass on
 * @param statusOf the status of the answer
 */
export async function outgoing<T>(
  tracer: Tracer | undefined,
  { method, url, attributes }: OutgoingCall,
  trace: Trace,
  run: (trace: Trace) => Promise<T>,
  statusOf: (answer: T) => number,
): Promise<T> {
  if (!tracer) return run(trace);
  const { protocol, hostname, port } = url;
  const usual = protocol === 'https:' ? 443 : 80;
  const span = tracer.begin(
    method,
    'client',
    {
      'http.request.method': method,
      'server.address': hostname,
      'server.port': port === '' ? usual : Number(port),
      'url.scheme': protocol.slice(0, -1),
      'agent_api.request_id': trace.requestId,
      ...attributes,
    },
    trace.traceparent,
  );
  try {
    const answer = await run({ ...trace, traceparent: span.traceparent });
    const status = statusOf(answer);
    span.set({ 'http.response.status_code': status });
    // As OpenTelemetry has it for clients.
    if (status >= 400) span.fail(String(status));
    return answer;
  } catch (error) {
    span.fail(errorType(error));
    throw error;
  } finally {
    span.end();
  }
}

/** The code of an error, such as ECONNREFUSED, or the name of its class; never its message. */
export function errorType(error: unknown): string {
  if (!(error instanceof Error)) return '_OTHER';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^[\w.]+$/.test(code) ? code : error.name;
}

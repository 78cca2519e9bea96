import type { IncomingMessage } from 'node:http';
import { PREFIX } from '../../rest-compat/router.ts';
import { traceparentOf } from '../domain/trace.ts';
import { ENDPOINT } from '../operations/graphql-door.ts';
import type { Span, Tracer } from '../tracing/span.ts';
import type { Ended } from './access-log.ts';

/** Begins the span of a request, which continues the trace that the caller names. */
export function beginRequestSpan(
  tracer: Tracer,
  { method = '', headers, httpVersion }: IncomingMessage,
  requestId: string,
): Span {
  return tracer.begin(
    method,
    'server',
    {
      'http.request.method': method,
      'url.scheme': 'http',
      'network.protocol.version': httpVersion,
      'agent_api.request_id': requestId,
    },
    traceparentOf(headers.traceparent),
  );
}

/**
 * Ends the span of a request with what is known of it now. As in the access log, no query,
 * variable, header or body is in it.
 */
export function endRequestSpan(span: Span, { exchange, entrance, status, bytes }: Ended): void {
  if (span.isRecording) {
    const { notes, request } = exchange;
    const { operation, principal, code, cached, org } = notes;
    const route = routeOf(entrance, operation?.label);
    if (route !== undefined) span.rename(`${request.method} ${route}`);
    span.set({
      'http.route': route,
      // Of a path that no route has, anything may be a secret.
      'url.path': route === undefined ? undefined : shownPath(request.url ?? ''),
      'http.response.status_code': status,
      'http.response.body.size': bytes,
      'graphql.document.hash': operation?.document,
      'agent_api.door': entrance,
      'agent_api.org': org,
      'agent_api.principal': principal?.id,
      'agent_api.code': code,
      'agent_api.cached': cached,
    });
    // Of a request that its caller got wrong, nothing failed here.
    if (status >= 500) span.fail(code ?? String(status));
  }
  span.end();
}

/** The template of the path; undefined if the path is of no route. */
function routeOf(entrance: Ended['entrance'], label: string | undefined): string | undefined {
  if (entrance === 'graphql') return ENDPOINT;
  if (entrance !== 'rest' || label === undefined) return undefined;
  return `${PREFIX}${label.slice(label.indexOf(' ') + 1)}`;
}

/** What an id has at most. */
const MAX_SEGMENT = 100;
const TOKEN = /^(sk-|whsec_|ey[A-Za-z0-9_-]*\.)/;

/** The path with its ids, but nothing that looks like a token in the place of one. */
function shownPath(url: string): string {
  const end = url.indexOf('?');
  return (end < 0 ? url : url.slice(0, end))
    .split('/')
    .map((segment) => (segment.length > MAX_SEGMENT || TOKEN.test(segment) ? '***' : segment))
    .join('/');
}

import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';

/** A span as it was exported. */
export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a span that begins its trace. */
  readonly parentSpanId: string;
  readonly kind: 'internal' | 'server' | 'client';
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

interface Post {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A collector that accepts OTLP over HTTP on a local port. */
export interface Collector {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  readonly posts: readonly Post[];
  /** Of the posts in JSON. */
  readonly spans: readonly ReceivedSpan[];
  /** Attributes of the resource of the last post in JSON. */
  readonly resource: ReceivedSpan['attributes'];
  /** The status of its answers from now on. */
  answer: number;
  /** Resolves with the first span that fits, once there is one. */
  until(fits: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan>;
  stop(): Promise<void>;
}

/** Settings that export to a collector in JSON, soon. */
export function tracingTo(url: string): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '20',
  };
}

export async function startCollector(): Promise<Collector> {
  const posts: Post[] = [];
  const spans: ReceivedSpan[] = [];
  let resource: Collector['resource'] = {};
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const sent = Buffer.concat(chunks);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    posts.push({ path: request.url ?? '', headers: request.headers, body });
    const isJson = request.headers['content-type'] === 'application/json';
    if (isJson && collector.answer === 200) {
      for (const of of (JSON.parse(body.toString()) as Exported).resourceSpans) {
        resource = attributesOf(of.resource.attributes);
        for (const scope of of.scopeSpans) spans.push(...scope.spans.map(received));
      }
    }
    response.writeHead(collector.answer, { 'Content-Type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const collector: Collector = {
    url: `http://127.0.0.1:${port}`,
    posts,
    spans,
    get resource() {
      return resource;
    },
    answer: 200,
    async until(fits) {
      await expect.poll(() => spans.some(fits), { interval: 10 }).toBe(true);
      return spans.find(fits) as ReceivedSpan;
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return collector;
}

/** OTLP in JSON: `ExportTraceServiceRequest`, as far as it is read here. */
interface Exported {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly ExportedAttribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly ExportedSpan[] }[];
  }[];
}

interface ExportedAttribute {
  readonly key: string;
  readonly value: {
    readonly stringValue?: string;
    readonly intValue?: number | string;
    readonly doubleValue?: number;
    readonly boolValue?: boolean;
  };
}

interface ExportedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly status: { readonly code?: number };
  readonly attributes: readonly ExportedAttribute[];
}

/** Numbers of `Span.SpanKind` and `Status.StatusCode` in OTLP. */
const KINDS: Readonly<Record<number, ReceivedSpan['kind']>> = {
  1: 'internal',
  2: 'server',
  3: 'client',
};
const STATUS_ERROR = 2;

function received(span: ExportedSpan): ReceivedSpan {
  const { name, traceId, spanId, parentSpanId = '', status } = span;
  const kind = KINDS[span.kind];
  if (!kind) throw new Error(`a span of kind ${span.kind}`);
  const failed = status.code === STATUS_ERROR;
  const attributes = attributesOf(span.attributes);
  return { name, traceId, spanId, parentSpanId, kind, failed, attributes };
}

function attributesOf(attributes: readonly ExportedAttribute[]): ReceivedSpan['attributes'] {
  return Object.fromEntries(
    attributes.map(({ key, value }) => {
      const { stringValue, boolValue, intValue, doubleValue } = value;
      return [key, stringValue ?? boolValue ?? Number(intValue ?? doubleValue)];
    }),
  );
}

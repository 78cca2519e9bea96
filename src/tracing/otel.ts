import {
  SpanKind as OtelKind,
  type Span as OtelSpan,
  type Tracer as OtelTracer,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { SamplerName, TracingSettings } from './settings.ts';
import type { Attributes, Span, SpanKind, Tracer } from './span.ts';

/**
 * Spans that are exported to a collector by OTLP over HTTP. Loaded only by servers that trace.
 *
 * Nothing is registered globally: no library is patched, and no context is ambient.
 */
export interface Tracing {
  readonly tracer: Tracer;
  /** Exports what has ended, as far as the collector accepts it within `withinMs`. */
  stop(withinMs: number): Promise<void>;
}

/** Characters of an attribute's text. */
const MAX_TEXT = 256;

/** @param onFailure called when spans could not be exported; they are lost */
export function openTracing(
  settings: TracingSettings,
  version: string,
  instanceId: string,
  onFailure: (error: Error | undefined) => void,
): Tracing {
  const { endpoint, headers, timeoutMillis, protocol, resource, serviceName, batch } = settings;
  const Exporter = protocol === 'http/json' ? JsonExporter : ProtobufExporter;
  const exporter = reporting(new Exporter({ url: endpoint, headers, timeoutMillis }), onFailure);
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({
        'service.version': version,
        'service.instance.id': instanceId,
        ...resource,
        'service.name': serviceName,
      }),
    ),
    sampler: samplerOf(settings),
    spanLimits: { attributeValueLengthLimit: MAX_TEXT },
    spanProcessors: [new BatchSpanProcessor({ exporter, ...batch })],
  });
  const tracer = provider.getTracer('agent-api', version);
  return {
    tracer: {
      begin: (name, kind, attributes, parent) =>
        new ExportedSpan(tracer, name, kind, attributes, contextOf(parent)),
    },
    async stop(withinMs) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, withinMs);
      });
      // A failure was reported.
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      clearTimeout(timer);
    },
  };
}

/** Reports what an exporter could not export. */
function reporting(
  inner: SpanExporter,
  onFailure: (error: Error | undefined) => void,
): SpanExporter {
  return {
    export(spans, done) {
      inner.export(spans, (result) => {
        if (result.code !== 0) onFailure(result.error);
        done(result);
      });
    },
    shutdown: () => inner.shutdown(),
  };
}

const SAMPLERS: Readonly<Record<SamplerName, (ratio: number) => Sampler>> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: (ratio) => new TraceIdRatioBasedSampler(ratio),
  parentbased_always_on: () => new ParentBasedSampler({ root: new AlwaysOnSampler() }),
  parentbased_always_off: () => new ParentBasedSampler({ root: new AlwaysOffSampler() }),
  parentbased_traceidratio: (ratio) =>
    new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
};

function samplerOf({ sampler, samplerRatio }: TracingSettings): Sampler {
  return SAMPLERS[sampler](samplerRatio);
}

const KINDS: Readonly<Record<SpanKind, OtelKind>> = {
  server: OtelKind.SERVER,
  client: OtelKind.CLIENT,
  internal: OtelKind.INTERNAL,
};

type OtelContext = typeof ROOT_CONTEXT;

/** @param traceparent as `traceparentOf` returns it: `00-TRACE-SPAN-FLAGS` */
function contextOf(traceparent: string | undefined): OtelContext {
  if (traceparent === undefined) return ROOT_CONTEXT;
  const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-');
  const traceFlags = Number.parseInt(flags, 16);
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

class ExportedSpan implements Span {
  readonly #tracer: OtelTracer;
  readonly #span: OtelSpan;

  constructor(
    tracer: OtelTracer,
    name: string,
    kind: SpanKind,
    attributes: Attributes,
    parent: OtelContext,
  ) {
    this.#tracer = tracer;
    this.#span = tracer.startSpan(
      name,
      { kind: KINDS[kind], attributes: withoutUndefined(attributes) },
      parent,
    );
  }

  get traceparent(): string {
    const { traceId, spanId, traceFlags } = this.#span.spanContext();
    return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  }

  get traceId(): string {
    return this.#span.spanContext().traceId;
  }

  get spanId(): string {
    return this.#span.spanContext().spanId;
  }

  get isRecording(): boolean {
    return this.#span.isRecording();
  }

  child(name: string, kind: SpanKind, attributes: Attributes): Span {
    const parent = trace.setSpan(ROOT_CONTEXT, this.#span);
    return new ExportedSpan(this.#tracer, name, kind, attributes, parent);
  }

  rename(name: string): void {
    this.#span.updateName(name);
  }

  set(attributes: Attributes): void {
    this.#span.setAttributes(withoutUndefined(attributes));
  }

  fail(type: string): void {
    this.#span.setAttribute('error.type', type);
    this.#span.setStatus({ code: SpanStatusCode.ERROR });
  }

  end(): void {
    this.#span.end();
  }
}

function withoutUndefined(attributes: Attributes): Record<string, string | number | boolean> {
  const present: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) present[name] = value;
  }
  return present;
}

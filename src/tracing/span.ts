/**
 * What the code knows of a trace (W3C Trace Context, OpenTelemetry). Spans are passed explicitly,
 * in `Bounds` and in `Trace`: ambient context costs every promise of a request.
 */

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** As OpenTelemetry names them: answers a call, calls another process, or neither. */
export type SpanKind = 'server' | 'client' | 'internal';

export interface Span {
  /** Names this span to others: the `traceparent` header. */
  readonly traceparent: string;
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** False for a span that was not sampled: its children are not worth creating. */
  readonly isRecording: boolean;
  child(name: string, kind: SpanKind, attributes: Attributes): Span;
  rename(name: string): void;
  /** Attributes that are undefined are left out. No value may hold a secret or a caller's text. */
  set(attributes: Attributes): void;
  /** Marks the span as failed. @param type from a bounded set: an error code, the name of a class */
  fail(type: string): void;
  end(): void;
}

export interface Tracer {
  /**
   * Begins a span that has no parent in this process.
   *
   * @param parent the `traceparent` that it continues, as `traceparentOf` returns it; a new trace
   *   without one
   */
  begin(name: string, kind: SpanKind, attributes: Attributes, parent: string | undefined): Span;
}

export const SAMPLER_NAMES = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
export type SamplerName = (typeof SAMPLER_NAMES)[number];

export const OTLP_PROTOCOLS = ['http/protobuf', 'http/json'] as const;
export type OtlpProtocol = (typeof OTLP_PROTOCOLS)[number];

/** What the `OTEL_…` variables say of traces. */
export interface TracingSettings {
  /** The URL to which spans are posted. */
  readonly endpoint: string;
  readonly protocol: OtlpProtocol;
  /** Of each export; they may hold a secret. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of an export with its retries. */
  readonly timeoutMillis: number;
  readonly serviceName: string;
  /** Attributes of the resource, beside those that the server knows itself. */
  readonly resource: Readonly<Record<string, string>>;
  readonly sampler: SamplerName;
  /** From 0 to 1, for the samplers by ratio. */
  readonly samplerRatio: number;
  readonly batch: {
    readonly scheduledDelayMillis: number;
    /** Spans that wait to be exported; more are dropped. */
    readonly maxQueueSize: number;
    readonly maxExportBatchSize: number;
    readonly exportTimeoutMillis: number;
  };
}

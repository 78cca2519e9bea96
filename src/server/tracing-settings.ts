import { parseHttpUrl } from '../domain/formats.ts';
import { OTLP_PROTOCOLS, SAMPLER_NAMES, type TracingSettings } from '../tracing/settings.ts';
import type { Reader } from './settings-reader.ts';

const EXPORTERS = ['otlp', 'none'] as const;
/** Where a collector listens (OTLP, "OTLP/HTTP Default Port"). */
const LOCAL_COLLECTOR = 'http://localhost:4318';
const COUNT = 'a number above 0';
const PAIRS = 'key=value pairs with commas between them';

/**
 * The variables of the OpenTelemetry specification. Traces are on if an endpoint is named, or the
 * exporter.
 */
export function readTracing(reader: Reader): TracingSettings | undefined {
  const disabled = reader.read('OTEL_SDK_DISABLED', (text) => text.toLowerCase(), 'true or false');
  const exporter = reader.read('OTEL_TRACES_EXPORTER', oneOf(EXPORTERS), EXPORTERS.join(' or '));
  if (disabled === 'true' || exporter === 'none') return undefined;
  const endpoint = readEndpoint(reader, exporter);
  if (endpoint === undefined) return undefined;
  const resource = reader.read('OTEL_RESOURCE_ATTRIBUTES', parsePairs, PAIRS) ?? {};
  const count = (name: string, usual: number) => reader.read(name, parseCount, COUNT) ?? usual;
  const maxQueueSize = count('OTEL_BSP_MAX_QUEUE_SIZE', 2_048);
  return {
    endpoint,
    protocol: either(reader, 'PROTOCOL', oneOf(OTLP_PROTOCOLS), PROTOCOLS) ?? 'http/protobuf',
    timeoutMillis: either(reader, 'TIMEOUT', parseCount, COUNT) ?? 10_000,
    headers: {
      ...reader.read('OTEL_EXPORTER_OTLP_HEADERS', parsePairs, PAIRS, true),
      ...reader.read('OTEL_EXPORTER_OTLP_TRACES_HEADERS', parsePairs, PAIRS, true),
    },
    serviceName:
      reader.read('OTEL_SERVICE_NAME', (text) => text, 'a name') ??
      resource['service.name'] ??
      'agent-api',
    resource,
    sampler:
      reader.read('OTEL_TRACES_SAMPLER', oneOf(SAMPLER_NAMES), SAMPLER_NAMES.join(', ')) ??
      'parentbased_always_on',
    samplerRatio: reader.read('OTEL_TRACES_SAMPLER_ARG', parseRatio, 'a number from 0 to 1') ?? 1,
    batch: {
      scheduledDelayMillis: count('OTEL_BSP_SCHEDULE_DELAY', 5_000),
      maxQueueSize,
      maxExportBatchSize: Math.min(count('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512), maxQueueSize),
      exportTimeoutMillis: count('OTEL_BSP_EXPORT_TIMEOUT', 30_000),
    },
  };
}

const PROTOCOLS = OTLP_PROTOCOLS.join(' or ');

/** The URL that spans are posted to; undefined if nothing asks for traces. */
function readEndpoint(reader: Reader, exporter: 'otlp' | undefined): string | undefined {
  const url = 'an http or https URL';
  const own = reader.read('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', parseHttpUrl, url, true);
  if (own !== undefined) return own;
  const base =
    reader.read('OTEL_EXPORTER_OTLP_ENDPOINT', parseHttpUrl, url, true) ??
    (exporter && LOCAL_COLLECTOR);
  return base && `${base.replace(/\/+$/, '')}/v1/traces`;
}

/** The setting for traces, or else the one for every signal. */
function either<T>(
  reader: Reader,
  name: 'PROTOCOL' | 'TIMEOUT',
  parse: (text: string) => T | undefined,
  expected: string,
): T | undefined {
  return (
    reader.read(`OTEL_EXPORTER_OTLP_TRACES_${name}`, parse, expected) ??
    reader.read(`OTEL_EXPORTER_OTLP_${name}`, parse, expected)
  );
}

function oneOf<T extends string>(values: readonly T[]): (text: string) => T | undefined {
  return (text) => values.find((value) => value === text);
}

function parseCount(text: string): number | undefined {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

function parseRatio(text: string): number | undefined {
  const ratio = /^(0|1|0?\.\d+|[01]\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  return ratio <= 1 ? ratio : undefined;
}

/** As W3C Baggage: both sides may be percent-encoded. */
function parsePairs(text: string): Record<string, string> | undefined {
  const pairs: Record<string, string> = {};
  for (const part of text.split(',')) {
    const [, key, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(part) ?? [];
    if (key === undefined || value === undefined) return undefined;
    try {
      pairs[decodeURIComponent(key)] = decodeURIComponent(value);
    } catch {
      return undefined;
    }
  }
  return pairs;
}

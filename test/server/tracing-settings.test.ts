import { describe, expect, it } from 'vitest';
import { readSettings, SettingsError } from '../../src/server/settings.ts';
import { shownSettings } from '../../src/server/shown-settings.ts';

const ON = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/otlp' };

const tracing = (environment: Record<string, string>) => readSettings(environment).tracing;

describe('traces', () => {
  it.each([
    ['no variable is set', {}],
    ['only the name of the service is set', { OTEL_SERVICE_NAME: 'x' }],
    ['OTEL_SDK_DISABLED is true', { ...ON, OTEL_SDK_DISABLED: 'TRUE' }],
    ['the exporter is none', { ...ON, OTEL_TRACES_EXPORTER: 'none' }],
  ])('are off if %s', (_, environment) => expect(tracing(environment)).toBeUndefined());

  it.each([
    ['the endpoint of all signals', ON, 'http://collector:4318/otlp/v1/traces'],
    [
      'the endpoint of traces, as it is',
      { ...ON, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.test/in' },
      'https://traces.test/in',
    ],
    [
      'a local collector if only the exporter is named',
      { OTEL_TRACES_EXPORTER: 'otlp' },
      'http://localhost:4318/v1/traces',
    ],
  ])('are posted to %s', (_, environment, endpoint) =>
    expect(tracing(environment)).toMatchObject({ endpoint }),
  );

  it('have the defaults of the specification', () =>
    expect(tracing(ON)).toMatchObject({
      protocol: 'http/protobuf',
      timeoutMillis: 10_000,
      headers: {},
      serviceName: 'agent-api',
      sampler: 'parentbased_always_on',
      samplerRatio: 1,
      batch: {
        scheduledDelayMillis: 5_000,
        maxQueueSize: 2_048,
        maxExportBatchSize: 512,
        exportTimeoutMillis: 30_000,
      },
    }));

  it('are exported with the headers of all signals and those of traces', () =>
    expect(
      tracing({
        ...ON,
        OTEL_EXPORTER_OTLP_HEADERS: 'a=1, b = two%20words',
        OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'a=3=4',
      })?.headers,
    ).toEqual({ a: '3=4', b: 'two words' }));

  it('name the service by OTEL_SERVICE_NAME before the attributes of the resource', () => {
    const resource = { ...ON, OTEL_RESOURCE_ATTRIBUTES: 'service.name=one' };
    expect(tracing(resource)?.serviceName).toBe('one');
    expect(tracing({ ...resource, OTEL_SERVICE_NAME: 'two' })?.serviceName).toBe('two');
  });

  it('are never batches that are larger than the queue', () =>
    expect(tracing({ ...ON, OTEL_BSP_MAX_QUEUE_SIZE: '10' })?.batch).toMatchObject({
      maxExportBatchSize: 10,
    }));

  it.each([
    ['OTEL_TRACES_EXPORTER', 'zipkin'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', '-1'],
    ['OTEL_TRACES_SAMPLER', 'sometimes'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'no-pair'],
    ['OTEL_BSP_SCHEDULE_DELAY', 'soon'],
  ])('stop the start if %s is %s', (name, value) => {
    expect(() => tracing({ ...ON, [name]: value })).toThrow(SettingsError);
    expect(() => tracing({ ...ON, [name]: value })).toThrow(new RegExp(`${name} must be`));
  });

  it('log neither a header nor a password of the endpoint at the start', () => {
    const shown = shownSettings(
      readSettings({
        OTEL_EXPORTER_OTLP_ENDPOINT: 'https://user:planted-password@collector.test/planted-path',
        OTEL_EXPORTER_OTLP_HEADERS: 'api-key=planted-key',
      }),
    );
    expect(shown.tracing).toEqual({
      endpoint: 'https://collector.test',
      sampler: 'parentbased_always_on',
    });
    expect(() => readSettings({ ...ON, OTEL_EXPORTER_OTLP_HEADERS: 'planted-key' })).toThrow(
      /^(?!.*planted-key)/s,
    );
  });
});

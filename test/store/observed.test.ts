import { afterAll, beforeAll, expect, it } from 'vitest';
import { DomainError } from '../../src/domain/errors.ts';
import { readSettings } from '../../src/server/settings.ts';
import { allObservers, tracedCalls } from '../../src/server/store-observers.ts';
import { type CallObserver, observedStore } from '../../src/store/observed.ts';
import type { Collection, Store } from '../../src/store/port.ts';
import { openTracing, type Tracing } from '../../src/tracing/otel.ts';
import type { Span } from '../../src/tracing/span.ts';
import { OpenWork } from '../../src/work.ts';
import { type Collector, startCollector, tracingTo } from '../kit/collector.ts';
import { openTestStore } from '../kit/store.ts';
import { THINGS, type Thing, thing } from '../kit/things.ts';
import { boundedWork, WORK } from '../kit/work.ts';

/** Each call as it ended, with the name of its error. */
const ended: string[] = [];
const observe: CallObserver =
  ({ verb, collection = '' }) =>
  (error) => {
    ended.push([verb, collection, error instanceof Error ? error.name : 'ok'].join(' '));
  };

let collector: Collector;
let tracing: Tracing;
let store: Store;
let things: Collection<Thing>;
let root: Span;

beforeAll(async () => {
  collector = await startCollector();
  const settings = readSettings(tracingTo(collector.url)).tracing;
  if (!settings) throw new Error('traces are off');
  tracing = openTracing(settings, '1.0.0', 'test', (error) => {
    throw error ?? new Error('not exported');
  });
  root = tracing.tracer.begin('root', 'internal', {}, undefined);
  const both = allObservers([observe, tracedCalls('lmdb')]);
  if (!both) throw new Error('no observer');
  store = observedStore(await openTestStore(), both);
  things = await store.collection(THINGS);
});
afterAll(async () => {
  root.end();
  await tracing.stop(10_000);
  await store.close();
  await collector.stop();
});

it('every verb is reported once, when it has ended', async () => {
  ended.length = 0;
  const one = thing('one');
  const scan = { index: 'byOrg', eq: ['acme'], limit: 1 };
  await store.commit(WORK, [things.toInsert(one)]);
  await things.get(WORK, one.key);
  await things.getMany(WORK, [one.key]);
  await things.scan(WORK, scan);
  await things.scanMany(WORK, [scan]);
  await store.versions(WORK, [{ collection: THINGS.name, key: one.key }]);
  await store.ping();
  expect(ended).toEqual([
    'commit  ok',
    'get things ok',
    'getMany things ok',
    'scan things ok',
    'scanMany things ok',
    'versions  ok',
    'ping  ok',
  ]);
});

it('a call that fails is reported with its error, and its span has failed', async () => {
  ended.length = 0;
  const work = new OpenWork({ origin: WORK.origin, span: root });
  const scan = { index: 'no-such-index', eq: [], limit: 1 };
  await expect(async () => things.scan(work, scan)).rejects.toThrow(RangeError);
  expect(ended).toEqual(['scan things RangeError']);
  const span = await collector.until(({ name }) => name === 'scan things');
  expect(span).toMatchObject({
    traceId: root.traceId,
    parentSpanId: root.spanId,
    failed: true,
    attributes: { 'error.type': 'RangeError' },
  });
});

it('a call that nobody waits for has the code of the reason', async () => {
  const work = boundedWork();
  work.span = root;
  work.end(new DomainError('request.abandoned', 'the client hung up'));
  await expect(async () => things.get(work, 'acme/one')).rejects.toThrow(DomainError);
  const span = await collector.until(({ name }) => name === 'get things');
  expect(span.attributes).toMatchObject({ 'error.type': 'request.abandoned' });
});

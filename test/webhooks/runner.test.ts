import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DomainEvent } from '../../src/domain/events.ts';
import { RETRY_AFTER_MS } from '../../src/domain/webhook-deliveries.ts';
import { PageTokens } from '../../src/paging/page-token.ts';
import { Pager } from '../../src/paging/pager.ts';
import { Keyring } from '../../src/secrets/keyring.ts';
import { SECRETS, type SecretDoc, SecretStore } from '../../src/secrets/secret-store.ts';
import { systemEffects } from '../../src/server/effects.ts';
import type { Collection, Store } from '../../src/store/port.ts';
import {
  DELIVERIES,
  type DeliveryDoc,
  WEBHOOK_RESULTS,
  WEBHOOKS,
} from '../../src/webhooks/collection.ts';
import { DeliveryRunner } from '../../src/webhooks/runner.ts';
import type { Sent } from '../../src/webhooks/send.ts';
import { WebhookService } from '../../src/webhooks/service.ts';
import { openLog } from '../kit/changes.ts';
import { openTestStore } from '../kit/store.ts';
import { WORK } from '../kit/work.ts';

const START = Date.parse('2026-01-01T00:00:00.000Z');
const PAGE = { first: 200 };

let store: Store;
let deliveries: Collection<DeliveryDoc>;
let service: WebhookService;
/** What was sent, as `host version`. */
let sent: string[];
let answer: (url: string, event: DomainEvent) => Promise<Sent>;
/** The secrets that the last delivery was signed with. */
let signedWith: readonly string[];
let secretDocs: Collection<SecretDoc>;
let newRunner: () => DeliveryRunner;
let time: number;
const real = systemEffects();
const now = () => new Date(time);

beforeEach(async () => {
  time = START;
  sent = [];
  answer = async () => ({ statusCode: 200 });
  store = await openTestStore();
  const effects = { ...real, now };
  deliveries = await store.collection(DELIVERIES);
  secretDocs = await store.collection(SECRETS);
  const parts = {
    store,
    deliveries,
    results: await store.collection(WEBHOOK_RESULTS),
    secrets: new SecretStore(secretDocs, new Keyring(Buffer.alloc(32, 1)), effects),
  };
  service = new WebhookService({
    ...parts,
    webhooks: await store.collection(WEBHOOKS),
    pager: new Pager(new PageTokens(Buffer.alloc(32, 2))),
    effects,
    log: (await openLog(store, { effects })).log,
    allowPrivate: true,
  });
  newRunner = () =>
    new DeliveryRunner({
      onAttempt: () => undefined,
      ...parts,
      service,
      send: (url, secrets, event) => {
        signedWith = secrets;
        sent.push(`${new URL(url).hostname} ${'version' in event.data ? event.data.version : ''}`);
        return answer(url, event);
      },
      now,
      jitter: () => 0,
      onError: (error) => {
        throw error;
      },
    });
});
afterEach(() => store.close());

const subscribe = (host: string) =>
  service.create(WORK, 'acme', { url: `https://${host}/`, events: ['agent.updated'] });

/** As the relay does. @returns false when a delivery exists already */
async function fanOut(events: readonly DomainEvent[]): Promise<boolean> {
  return (await store.commit(WORK, await service.fanOut(WORK, events))).committed;
}

function updated(agent: string, version: number): DomainEvent {
  return {
    id: `evt_${real.uid()}`,
    type: 'agent.updated',
    timestamp: now().toISOString(),
    data: { id: agent, orgId: 'acme', version, sections: [] },
  };
}

async function run(runner: DeliveryRunner) {
  runner.kick();
  await runner.idle();
}

const statuses = async (webhook: string) =>
  (await service.deliveries(WORK, webhook, PAGE)).docs.map(({ status }) => status);

it('retries on schedule, and gives up after the last attempt', async () => {
  answer = async () => ({ statusCode: 500 });
  const { key } = await subscribe('down.test');
  const runner = newRunner();
  await fanOut([updated('a', 2)]);
  await run(runner);
  expect(sent).toHaveLength(1);
  for (const [i, delay] of RETRY_AFTER_MS.entries()) {
    time += delay - 1;
    await run(runner);
    expect(sent).toHaveLength(i + 1);
    time += 1;
    await run(runner);
    expect(sent).toHaveLength(i + 2);
  }
  expect(await statuses(key)).toEqual(['failure']);
  time += 10 * (RETRY_AFTER_MS.at(-1) ?? 0);
  await run(runner);
  expect(sent).toHaveLength(10);
});

it('keeps the order within a subject, and does not wait for a failed event', async () => {
  answer = async (_, event) => ({
    statusCode: 'version' in event.data && event.data.version === 3 ? 500 : 200,
  });
  await subscribe('one.test');
  const events = [2, 3, 4, 5].map((version) => updated('a', version));
  await fanOut(events);
  const runner = newRunner();
  await run(runner);
  expect(sent).toEqual([2, 3, 4, 5].map((version) => `one.test ${version}`));
  answer = async () => ({ statusCode: 200 });
  time += RETRY_AFTER_MS[0] ?? 0;
  await run(runner);
  expect(sent.at(-1)).toBe('one.test 3');
});

it('keeps that order with two processes, and sends each event once', async () => {
  await subscribe('one.test');
  await fanOut(Array.from({ length: 20 }, (_, i) => updated('a', i + 2)));
  const runners = [newRunner(), newRunner()];
  while (sent.length < 20) await Promise.all(runners.map(run));
  expect(sent).toEqual(Array.from({ length: 20 }, (_, i) => `one.test ${i + 2}`));
});

it('retries what another process left in the middle of an attempt', async () => {
  await subscribe('one.test');
  await fanOut([updated('a', 2), updated('a', 3)]);
  let start: () => void = () => undefined;
  const attemptStarted = new Promise<void>((resolve) => {
    start = resolve;
  });
  answer = () => {
    start();
    return new Promise(() => undefined);
  };
  newRunner().kick();
  await attemptStarted;
  answer = async () => ({ statusCode: 200 });
  const survivor = newRunner();
  await run(survivor);
  expect(sent).toEqual(['one.test 2']);
  time += 20_000;
  await run(survivor);
  expect(sent).toEqual(['one.test 2', 'one.test 2', 'one.test 3']);
});

it('delivers an event once that is fanned out twice', async () => {
  const { key } = await subscribe('one.test');
  const event = updated('a', 2);
  const runner = newRunner();
  await fanOut([event]);
  await run(runner);
  await fanOut([event]);
  await run(runner);
  expect(sent).toHaveLength(1);
  expect(await statuses(key)).toEqual(['success']);
});

it('does not deliver events from before the webhook existed', async () => {
  const event = updated('a', 2);
  time += 1_000;
  await subscribe('late.test');
  await fanOut([event]);
  await run(newRunner());
  expect(sent).toEqual([]);
});

it('does not delay other receivers while one never answers', async () => {
  await subscribe('slow.test');
  await subscribe('fast.test');
  let release: () => void = () => undefined;
  const hung = new Promise<void>((resolve) => {
    release = resolve;
  });
  answer = async (url) => {
    if (url.includes('slow')) await hung;
    return { statusCode: 200 };
  };
  await fanOut(Array.from({ length: 50 }, (_, i) => updated(`agent-${i}`, i)));
  const runner = newRunner();
  runner.kick();
  const countOf = (host: string) => sent.filter((it) => it.startsWith(host)).length;
  await expect.poll(() => countOf('fast')).toBe(50);
  expect(countOf('slow')).toBe(8);
  release();
  await runner.idle();
  expect(countOf('slow')).toBe(50);
});

it('does not delay other receivers when one has a long backlog', async () => {
  await subscribe('dead.test');
  answer = () => new Promise(() => undefined);
  for (let i = 0; i < 1_100; i += 1) await fanOut([updated('a', i)]);
  const runner = newRunner();
  runner.kick();
  await expect.poll(() => sent).toEqual(['dead.test 0']);
  await subscribe('well.test');
  time += 1;
  await fanOut([updated('b', 7)]);
  runner.kick();
  await expect.poll(() => sent).toContain('well.test 7');
});

it('scans once when nothing is due, however many retries are pending', async () => {
  answer = async () => ({ statusCode: 500 });
  for (let i = 0; i < 30; i += 1) await subscribe(`down-${i}.test`);
  await fanOut([updated('a', 1)]);
  const runner = newRunner();
  await run(runner);
  expect(sent).toHaveLength(30);
  const scan = vi.spyOn(deliveries, 'scan');
  await run(runner);
  expect(scan).toHaveBeenCalledTimes(1);
  expect(sent).toHaveLength(30);
});

it('gives every receiver a turn when all slots are in use', async () => {
  for (let i = 0; i < 9; i += 1) await subscribe(`slow-${i}.test`);
  let release: (() => void)[] = [];
  answer = async () => {
    await new Promise<void>((resolve) => release.push(resolve));
    return { statusCode: 200 };
  };
  await fanOut(Array.from({ length: 40 }, (_, i) => updated(`agent-${i}`, i)));
  const runner = newRunner();
  runner.kick();
  await expect.poll(() => sent.length).toBe(64);
  const hosts = () => new Set(sent.map((it) => it.split(' ')[0]));
  expect(hosts().size).toBe(8);
  const first = release;
  release = [];
  for (const done of first.slice(0, 16)) done();
  await expect.poll(() => hosts().size).toBe(9);
  answer = async () => ({ statusCode: 200 });
  while (sent.length < 360) {
    for (const done of [...first, ...release.splice(0)]) done();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await runner.idle();
});

it('removes finished deliveries after a week, and keeps pending ones', async () => {
  const { key } = await subscribe('one.test');
  const runner = newRunner();
  await fanOut([updated('a', 2)]);
  await run(runner);
  time += 6 * 24 * 3_600_000;
  await fanOut([updated('a', 3)]);
  await runner.prune();
  expect(await statuses(key)).toEqual(['pending', 'success']);
  time += 2 * 24 * 3_600_000;
  await runner.prune();
  expect(await statuses(key)).toEqual(['pending']);
});

describe('after a rotation with an overlap', () => {
  const HOUR = 3_600_000;
  const rotate = (id: string, hours: number) =>
    service.rotate(WORK, 'acme', id, (hours * HOUR) / 1_000);
  const storedSecrets = async (owner: string) =>
    (await secretDocs.scan(WORK, { index: 'byOwner', eq: [owner], limit: 10 })).docs.length;

  async function deliver(version: number) {
    await fanOut([updated('a', version)]);
    await run(newRunner());
    return signedWith;
  }

  it('both secrets sign, the new one first, until the overlap ends by the clock', async () => {
    const { id, signingSecret: old } = await subscribe('one.test');
    const { signingSecret, previousSecretExpiresAt } = await rotate(id, 24);
    expect(previousSecretExpiresAt).toBe(new Date(time + 24 * HOUR).toISOString());
    expect(await deliver(2)).toEqual([signingSecret, old]);
    time += 24 * HOUR - 1;
    expect(await deliver(3)).toEqual([signingSecret, old]);
    time += 1;
    expect(await deliver(4)).toEqual([signingSecret]);
  });

  it('the old secret is removed once the overlap has ended', async () => {
    const { id, key } = await subscribe('one.test');
    await subscribe('other.test');
    await rotate(id, 1);
    await newRunner().prune();
    expect(await storedSecrets(key)).toBe(2);
    time += HOUR;
    await newRunner().prune();
    expect(await storedSecrets(key)).toBe(1);
    const webhook = await service.get(WORK, 'acme', id);
    expect(webhook).not.toHaveProperty('previousSecretExpiresAt');
    expect(webhook).not.toHaveProperty('previousSecretId');
  });

  it('a second rotation ends the first overlap', async () => {
    const { id, key, signingSecret: first } = await subscribe('one.test');
    const { signingSecret: second } = await rotate(id, 24);
    const { signingSecret: third } = await rotate(id, 24);
    expect(await deliver(2)).toEqual([third, second]);
    expect(signedWith).not.toContain(first);
    const { signingSecret: fourth } = await rotate(id, 0);
    expect(await deliver(3)).toEqual([fourth]);
    expect(await storedSecrets(key)).toBe(1);
  });

  it('removing the webhook removes both secrets', async () => {
    const { id, key } = await subscribe('one.test');
    await rotate(id, 24);
    await service.delete(WORK, 'acme', id);
    expect(await storedSecrets(key)).toBe(0);
  });
});

it('pages of one status are full, however rare the status is', async () => {
  const { key } = await subscribe('one.test');
  const rare = new Set([3, 120, 121]);
  answer = async (_, event) => ({
    statusCode: 'version' in event.data && rare.has(event.data.version ?? 0) ? 500 : 200,
  });
  for (let version = 1; version <= 250; version += 1) {
    await fanOut([updated(`agent-${version % 10}`, version)]);
  }
  await run(newRunner());
  const waiting = (page: object) => service.deliveries(WORK, key, page, 'pending');
  const versionsOf = (docs: readonly DeliveryDoc[]) =>
    docs.map(({ event }) => ('version' in event.data ? event.data.version : 0));
  const first = await waiting({ first: 2 });
  expect(versionsOf(first.docs)).toEqual([121, 120]);
  expect(first.more).toBe(true);
  const last = await waiting({ first: 2, after: first.endToken() });
  expect(versionsOf(last.docs)).toEqual([3]);
  expect(last.more).toBe(false);
});

it('keeps the answers to the latest three attempts', async () => {
  const { key } = await subscribe('down.test');
  let count = 0;
  answer = async () => {
    count += 1;
    return { statusCode: 500, response: { body: `no ${count}` } };
  };
  await fanOut([updated('a', 2)]);
  for (let i = 0; i < 5; i += 1) {
    await run(newRunner());
    time += RETRY_AFTER_MS[i] ?? 0;
  }
  const [delivery] = (await service.deliveries(WORK, key, PAGE)).docs;
  expect(delivery?.attempts.map(({ response }) => response?.body)).toEqual([
    undefined,
    undefined,
    'no 3',
    'no 4',
    'no 5',
  ]);
});

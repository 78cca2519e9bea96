import { Relay } from '../records/relay.ts';
import { DeliveryRunner } from '../webhooks/runner.ts';
import { Sender } from '../webhooks/send.ts';
import { systemWork } from '../work.ts';
import type { OpenServices } from './compose.ts';
import type { Logger } from './log.ts';
import type { Settings } from './settings.ts';

const MAX_DRAIN_MS = 3_000;

/**
 * Starts what runs beside the requests: events are passed on, webhooks
 * delivered, uses of API keys written down.
 *
 * @returns stops it all, and waits for what is under way
 */
export function startBackground(
  { services, outbox, deliveryParts }: OpenServices,
  { webhookAllowPrivate }: Settings,
  log: Logger,
): () => Promise<void> {
  const { apiKeys, webhooks } = services;
  const work = systemWork('background');
  const told = (message: string) => (error: unknown) => log.error({ err: error }, message);

  apiKeys.lastUse.start(work, told('last use of API keys not written; it is tried again'));

  const sender = new Sender(webhookAllowPrivate);
  const runner = new DeliveryRunner({
    ...deliveryParts,
    service: webhooks,
    send: (url, secret, event, now) => sender.send(url, secret, event, now),
    now: () => new Date(),
    jitter: Math.random,
    onError: told('deliveries to webhooks failed here; they are tried again'),
  });
  webhooks.onDue(() => runner.kick());
  runner.start();

  const relay = new Relay({
    outbox,
    sinks: [(events) => webhooks.fanOut(work, events)],
    onError: told('events not passed on; they are tried again'),
  });
  relay.start();

  return async () => {
    await relay.stop();
    // What is cut off counts as a failed try, and comes again.
    const cut = setTimeout(() => void sender.close(), MAX_DRAIN_MS);
    await runner.stop();
    clearTimeout(cut);
    await sender.close();
  };
}

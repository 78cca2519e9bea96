import type { PastReceiver } from './past.ts';
import { DAY_MS, on, type Step } from './steps.ts';
import { SALES_AGENT } from './stories/sales.ts';

const WEBHOOK = {
  url: 'https://hooks.acme.example/agent-events',
  events: ['channel.created', 'channel.status_changed'],
  description: 'Keeps the operations board up to date.',
} as const;

/** Creates the webhook of the demo's org. */
export const WEBHOOK_STEP: Step = {
  agent: SALES_AGENT,
  at: on(8, '16:20'),
  by: 'ines',
  run: ({ services, work, ref: { org } }) => services.webhooks.create(work, org, WEBHOOK),
};

/** Before now: the receiver has failed since. */
const OUTAGE_MS = 5.5 * DAY_MS;
const OUTAGE = [503, 503, 500, 502];

/** @param now milliseconds since 1970 @param random from 0 to 1 */
export function receiver(now: number, random: () => number): PastReceiver {
  return (at) => {
    if (at < now - OUTAGE_MS) return { statusCode: 204 };
    return { statusCode: OUTAGE[Math.floor(random() * OUTAGE.length)] ?? 503 };
  };
}

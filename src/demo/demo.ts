import { MAX_BATCH, type TrafficIngest } from '../traffic/ingest.ts';
import { attributed, systemWork, type Work } from '../work.ts';
import { createAuthors } from './authors.ts';
import { Past, type PastParts } from './past.ts';
import { PEOPLE_STEPS } from './people.ts';
import { DAY_MS, type Step } from './steps.ts';
import { CLINIC_AGENT, OTHERS } from './stories/others.ts';
import { SALES, SALES_AGENT } from './stories/sales.ts';
import { SUPPORT, SUPPORT_AGENT } from './stories/support.ts';
import { type DemoTraffic, type DemoVersion, demoTraffic, numbers } from './traffic.ts';
import { receiver, WEBHOOK_STEP } from './webhook.ts';

export const DEMO_AGENT = SALES_AGENT;

const SEED = 1;
const TRAFFIC: Readonly<Record<string, Pick<DemoTraffic, 'messages' | 'users' | 'topic'>>> = {
  [SALES_AGENT]: { messages: 500, users: 40, topic: 'sales' },
  [SUPPORT_AGENT]: { messages: 350, users: 50, topic: 'support' },
  [CLINIC_AGENT]: { messages: 140, users: 16, topic: 'clinic' },
};
const TRAFFIC_DAYS = 7;
/** How far back the demo's past begins. */
export const DEMO_MS = 22 * DAY_MS;
const STEPS = [...SALES, ...SUPPORT, ...OTHERS, ...PEOPLE_STEPS, WEBHOOK_STEP];

/**
 * Creates the demo's agents in an org, with their history by several authors, people,
 * appointments, a week of traffic, a webhook that fails and an available update. Changes nothing
 * in an org that has the demo agent.
 *
 * @param now milliseconds since 1970: the demo's past ends then
 * @param parts their clock shows `DEMO_MS` before
 */
export async function loadDemo(org: string, now: number, parts: PastParts): Promise<void> {
  const { services } = parts;
  const work = systemWork('demo');
  const [loaded] = await services.agents.getMany(work, [{ org, id: DEMO_AGENT }]);
  if (loaded) return;
  const random = numbers(SEED);
  const authors = await createAuthors(work, org, services);
  const past = new Past(parts, receiver(now, random), random);
  const versions = new Map<string, DemoVersion[]>();
  for (const [at, { by, agent, message, run }] of inOrder(STEPS, now)) {
    await past.until(at);
    const ref = { org, id: agent };
    const origin = { ...authors[by], ...(message !== undefined && { message }) };
    await run({ services, work: attributed(work, origin), ref, at, now });
    const { version } = await services.agents.get(work, ref);
    const known = versions.get(agent) ?? [];
    if (known.at(-1)?.version !== version) versions.set(agent, [...known, { version, from: at }]);
  }
  await past.until(now);
  for (const [i, [agentId, traffic]] of Object.entries(TRAFFIC).entries()) {
    await ingest(work, org, services.ingest, {
      ...traffic,
      agentId,
      days: TRAFFIC_DAYS,
      until: now,
      seed: SEED + i,
      versions: versions.get(agentId) ?? [],
    });
  }
}

/** The steps with their times, oldest first. */
function inOrder(steps: readonly Step[], now: number): [at: number, step: Step][] {
  const timed = steps.map((step): [number, Step] => [step.at(now), step]);
  return timed.sort(([a], [b]) => a - b);
}

async function ingest(
  work: Work,
  org: string,
  service: TrafficIngest,
  traffic: DemoTraffic,
): Promise<void> {
  const entries = [...demoTraffic(traffic)];
  for (let from = 0; from < entries.length; from += MAX_BATCH) {
    await service.ingest(work, org, entries.slice(from, from + MAX_BATCH));
  }
}

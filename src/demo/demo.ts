import type { AgentKey } from '../agents/collection.ts';
import type { AgentService } from '../agents/service.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Agent } from '../domain/agents.ts';
import { applyTemplate } from '../domain/apply-template.ts';
import type { Effects } from '../domain/effects.ts';
import { accepted } from '../domain/outcome.ts';
import { skillContent } from '../domain/skills.ts';
import type { PeopleRuntime } from '../people/runtime.ts';
import type { PeopleService } from '../people/service.ts';
import { MAX_BATCH, type TrafficIngest } from '../traffic/ingest.ts';
import type { Work } from '../work.ts';
import { DEMO_PEOPLE, type DemoPerson } from './people.ts';
import { demoTraffic } from './traffic.ts';

export interface DemoParts {
  readonly agents: AgentService;
  readonly people: PeopleService;
  readonly peopleRuntime: PeopleRuntime;
  readonly ingest: TrafficIngest;
  readonly catalog: Catalog;
  readonly effects: Pick<Effects, 'now'>;
}

export const DEMO_AGENT = 'acme-demo';
const TEMPLATE = '@anychat/agent-template.sales-development';
const OLD_SKILL = '@anychat/skill-template.call-booking';
const TRAFFIC = { messages: 400, users: 40, days: 7, seed: 1 };
const HOUR_MS = 60 * 60 * 1_000;

/** Creates the demo agent in an org, with people, appointments, traffic and an available update. */
export async function loadDemo(work: Work, org: string, parts: DemoParts): Promise<void> {
  const ref = { org, id: DEMO_AGENT };
  const { agents, catalog, effects, ingest } = parts;
  await agents.create(work, org, {
    id: DEMO_AGENT,
    name: 'Acme demo',
    description: 'A sales development agent with people and traffic, to look around in.',
    identity: {
      brandColor: '#1a73e8',
      contactEmail: 'hello@acme.example',
      contactPhone: '+14155550132',
      websiteUrl: 'https://acme.example',
      contactAvailability: 'Mon–Fri 9–5 PT',
      identityPreamble: "You are Acme's sales development agent.",
    },
  });
  const template = catalog.agentTemplates.require(TEMPLATE);
  await agents.changeItem(work, ref, undefined, (it) =>
    accepted(applyTemplate(it, template, catalog)),
  );
  const agent = await agents.change(work, ref, undefined, (it) => withOlderSkill(it, catalog));
  const now = effects.now().getTime();
  for (const it of DEMO_PEOPLE) await addPerson(work, ref, it, now, parts);
  let batch: object[] = [];
  const versions = [agent.version - 1, agent.version];
  const options = { ...TRAFFIC, versions, agentId: DEMO_AGENT, until: now };
  for (const entry of demoTraffic(options)) {
    if (batch.push(entry) < MAX_BATCH) continue;
    await ingest.ingest(work, org, batch);
    batch = [];
  }
  await ingest.ingest(work, org, batch);
}

/** Replaces a skill by the copy of an older template version, so that an update is available. */
function withOlderSkill(agent: Agent, catalog: Catalog): Agent {
  const older = catalog.skillTemplates.version(OLD_SKILL, '1');
  if (!older) return agent;
  const skills = (agent.skills ?? []).map((skill) =>
    skill.derivedFrom?.templateId === OLD_SKILL ? { ...skill, ...skillContent(older) } : skill,
  );
  return { ...agent, skills };
}

async function addPerson(
  work: Work,
  ref: AgentKey,
  { person, journal = [], call, user }: DemoPerson,
  now: number,
  { people, peopleRuntime }: DemoParts,
): Promise<void> {
  const { id } = await people.create(work, ref, person);
  for (const [i, text] of journal.entries()) {
    const at = new Date(now - (journal.length - i) * 2 * HOUR_MS).toISOString();
    await peopleRuntime.note(work, ref, id, { at, author: 'agent', text });
  }
  if (user) await peopleRuntime.link(work, ref, id, user);
  if (call === undefined) return;
  const startUtc = new Date(Math.ceil(now / HOUR_MS) * HOUR_MS + call * HOUR_MS).toISOString();
  await peopleRuntime.book(work, ref, id, {
    startUtc,
    durationMinutes: 30,
    prospectTimezone: 'America/Los_Angeles',
    representativeName: 'Jo Park',
    representativeTitle: 'Account executive',
    notes: 'Booked in the chat.',
  });
}

import type { Catalog } from '../../catalog/catalog.ts';
import { type Agent, updateIdentity } from '../../domain/agents.ts';
import { updateGuardrails } from '../../domain/guardrails.ts';
import { updateMessageTemplate } from '../../domain/message-templates.ts';
import { reorderObjectives, updateObjective } from '../../domain/objectives.ts';
import { replacePersonality } from '../../domain/personality.ts';
import { skillContent } from '../../domain/skills.ts';
import { edit, move, on, request, type Step, template } from '../steps.ts';

/** The demo agent: every part of a prompt, a week of edits, and an update that is available. */
export const SALES_AGENT = 'acme-demo';
const OLD_SKILL = '@anychat/skill-template.call-booking';
const at = { agent: SALES_AGENT } as const;

export const SALES: readonly Step[] = [
  {
    ...at,
    at: on(8, '16:02'),
    by: 'ines',
    run: ({ services, work, ref: { org, id } }) =>
      services.agents.create(work, org, {
        id,
        name: 'Acme demo',
        description: 'A sales development agent with people and traffic, to look around in.',
        identity: {
          brandColor: '#0b57d0',
          contactEmail: 'hello@acme.example',
          contactPhone: '+14155550132',
          websiteUrl: 'https://acme.example',
          contactAvailability: 'Mon–Fri 9–5 PT',
          identityPreamble: "You are Acme's sales development agent.",
        },
      }),
  },
  { ...at, at: on(8, '16:05'), by: 'ines', run: template('sales-development') },
  {
    ...at,
    at: on(8, '17:40'),
    by: 'pipeline',
    message: 'Pin call booking to the version that was reviewed',
    run: edit(withOlderSkill),
  },
  {
    ...at,
    at: on(8, '18:12'),
    by: 'ines',
    run: request({
      channel: 'whatsapp',
      mode: 'managed',
      inputs: { category: 'professionalServices', numberOption: 'new', country: 'US' },
    }),
  },
  { ...at, at: on(8, '19:30'), by: 'sysop', run: move('whatsapp', 'Provisioning') },
  {
    ...at,
    at: on(7, '00:45'),
    by: 'sysop',
    run: move('whatsapp', 'Active', { note: 'Meta approved the display name.' }),
  },
  {
    ...at,
    at: on(7, '18:20'),
    by: 'tom',
    message: 'Qualified meetings come before contact details',
    run: edit((it) =>
      reorderObjectives(it, ['book-qualified-meetings', 'qualify-leads', 'hand-over-cleanly']),
    ),
  },
  {
    ...at,
    at: on(6, '17:05'),
    by: 'assistant',
    message: 'Shorter sentences in the personality',
    run: edit((it) =>
      replacePersonality(it, {
        ...it.personality,
        text: 'You are brisk. You answer in one sentence and move on to the next question.',
      }),
    ),
  },
  {
    ...at,
    at: on(5, '16:50'),
    by: 'tom',
    message: 'Too brisk: back to the tone of the template',
    run: async ({ services: { agents, history }, work, ref }) => {
      const { version } = await agents.get(work, ref);
      return history.restore(work, ref, undefined, {
        version: version - 1,
        sections: ['personality'],
      });
    },
  },
  {
    ...at,
    at: on(4, '20:15'),
    by: 'ines',
    message: 'Legal asked for this',
    run: edit((it) =>
      updateGuardrails(it, {
        additionalRules: 'Never promise a delivery date. Refer to the order confirmation.',
      }),
    ),
  },
  {
    ...at,
    at: on(3, '18:30'),
    by: 'tom',
    run: edit(
      (it) =>
        updateMessageTemplate(it, 'call-follow-up', {
          body: 'Thank you for your time, {person.firstName | "and good to meet you"}. If questions come up, reply here or write to {agent.contactEmail | omit-sentence}.',
        }).agent,
    ),
  },
  {
    ...at,
    at: on(2, '17:10'),
    by: 'pipeline',
    message: 'Brand refresh',
    run: edit((it) => updateIdentity(it, { brandColor: '#1a73e8' })),
  },
  {
    ...at,
    at: on(1, '19:45'),
    by: 'tom',
    message: 'Ask for the team size early',
    run: edit(
      (it) =>
        updateObjective(it, 'qualify-leads', {
          body: 'Learn early how large the team is, what it uses today and when it wants to decide. Ask one question at a time.',
        }).agent,
    ),
  },
];

/** Replaces a skill by the copy of an older template version, so that an update is available. */
function withOlderSkill(agent: Agent, catalog: Catalog): Agent {
  const older = catalog.skillTemplates.version(OLD_SKILL, '1');
  if (!older) return agent;
  const skills = (agent.skills ?? []).map((skill) =>
    skill.derivedFrom?.templateId === OLD_SKILL ? { ...skill, ...skillContent(older) } : skill,
  );
  return { ...agent, skills };
}

import type { Agent } from './agents.ts';
import type { CatalogView } from './catalog-view.ts';
import type { Problem } from './errors.ts';
import { idProblems } from './items.ts';
import { bodyProblems } from './message-templates.ts';
import { referableBy } from './playbook-refs.ts';
import { playbookListProblems } from './playbooks.ts';
import { skillListProblems } from './skills.ts';

/** The parts of an agent that a definition can carry, in the order in which they are told. */
export const SECTIONS = [
  'personality',
  'objectives',
  'guardrails',
  'skills',
  'playbooks',
  'messageTemplates',
  'outreach',
] as const;
export type Section = (typeof SECTIONS)[number];

/** A definition: each section that it carries, as an agent keeps it. */
export type AgentSections = Pick<Agent, Section>;

export function carriedBy(sections: AgentSections): Section[] {
  return SECTIONS.filter((section) => sections[section] !== undefined);
}

/**
 * Replaces every section that the definition carries, and leaves the others
 * alone, except for references of theirs to what is no longer there: those go.
 */
export function withSections(agent: Agent, sections: AgentSections, catalog: CatalogView): Agent {
  const carried = new Set(carriedBy(sections));
  const next = { ...agent, ...sections };
  const referable = referableBy(next, catalog);
  const { outreach, playbooks } = next;
  const greeting = outreach?.greetingTemplateId;
  return {
    ...next,
    ...(!carried.has('outreach') &&
      greeting !== undefined &&
      !referable.messageTemplateRefs(greeting) && { outreach: {} }),
    ...(!carried.has('playbooks') &&
      playbooks && {
        playbooks: playbooks.map((playbook) => ({
          ...playbook,
          ...(playbook.skillRefs && { skillRefs: playbook.skillRefs.filter(referable.skillRefs) }),
          ...(playbook.messageTemplateRefs && {
            messageTemplateRefs: playbook.messageTemplateRefs.filter(referable.messageTemplateRefs),
          }),
        })),
      }),
  };
}

/** What is wrong with an agent's sections, each problem by its section and path. */
export function sectionProblems(agent: Agent, catalog: CatalogView): Problem[] {
  const { objectives = [], skills = [], playbooks = [], messageTemplates = [], outreach } = agent;
  const referable = referableBy(agent, catalog);
  const greeting = outreach?.greetingTemplateId;
  return [
    ...idProblems(objectives, 'objectives'),
    ...skillListProblems(skills, catalog, 'skills'),
    ...playbookListProblems(playbooks, referable, 'playbooks'),
    ...idProblems(messageTemplates, 'messageTemplates'),
    ...messageTemplates.flatMap(({ body }, i) => bodyProblems(body, `messageTemplates[${i}].body`)),
    ...(greeting !== undefined && !referable.messageTemplateRefs(greeting)
      ? [
          {
            path: 'outreach.greetingTemplateId',
            message: `the agent has no message template '${greeting}'`,
          },
        ]
      : []),
  ];
}

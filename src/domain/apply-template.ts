import { withEmptyBindings } from './added-bindings.ts';
import type { Agent } from './agents.ts';
import type { CatalogKind, CatalogView } from './catalog-view.ts';
import { DomainError } from './errors.ts';
import { type AgentGuardrails, importGuardrails } from './guardrails.ts';
import type { ItemChange } from './items.ts';
import { type AgentObjective, objectiveContent, objectiveList } from './objectives.ts';
import { setFields } from './patch.ts';
import { type AgentPersonality, personalityContent } from './personality.ts';
import { type AgentPlaybook, playbookContent, playbookList } from './playbooks.ts';
import {
  type AgentSections,
  carriedBy,
  type Section,
  sectionProblems,
  withSections,
} from './sections.ts';
import { type AgentSkill, skillContent, skillList } from './skills.ts';
import { type AgentTemplate, localIdOf } from './templates.ts';

/** What applying an agent template came to. */
export interface AppliedTemplate {
  readonly appliedFrom: { readonly templateId: string; readonly templateName: string };
  /** The sections that the template carries. */
  readonly applied: readonly Section[];
  /** Those of them that were left out: none, as a template is applied as a whole or not at all. */
  readonly skipped: readonly Section[];
  /** The tools that were bound, without a configuration. */
  readonly addedToolBindings: readonly string[];
}

/**
 * Applies an agent template, all or nothing: every section that it carries
 * replaces the agent's, the others stay. Tools that its skills need, or that it
 * recommends, are bound.
 *
 * @throws DomainError `template.not_applicable`, naming each problem by section and path
 */
export function applyTemplate(
  agent: Agent,
  template: AgentTemplate,
  catalog: CatalogView,
): ItemChange<AppliedTemplate> {
  const sections = sectionsOf(agent, template, catalog);
  const applied = withSections(agent, sections, catalog);
  assertApplicable(applied, template, catalog);
  const needed = (sections.skills ?? []).flatMap(({ requiredTools = [] }) => requiredTools);
  const bound = withEmptyBindings(applied, [...needed, ...(template.recommendedToolIds ?? [])]);
  const { id, name, version } = template;
  return {
    agent: { ...bound.agent, templateRef: { templateId: id, version } },
    item: {
      appliedFrom: { templateId: id, templateName: name },
      applied: carriedBy(sections),
      skipped: [],
      addedToolBindings: bound.added,
    },
  };
}

/** The definition that a template stands for. */
function sectionsOf(agent: Agent, template: AgentTemplate, catalog: CatalogView): AgentSections {
  const skills = skillsOf(template, catalog);
  return setFields<AgentSections>({
    personality: personalityOf(template, catalog),
    objectives: objectivesOf(template, catalog),
    guardrails: guardrailsOf(agent, template, catalog),
    skills,
    playbooks: playbooksOf(template, { skills: skills ?? agent.skills ?? [] }, catalog),
    messageTemplates: template.messageTemplates,
    outreach: template.outreach,
  });
}

function personalityOf(
  { personalityTemplateId: id }: AgentTemplate,
  { personalityTemplates }: CatalogView,
): AgentPersonality | undefined {
  return id === undefined ? undefined : personalityContent(personalityTemplates.require(id));
}

function objectivesOf(
  { objectiveTemplateIds }: AgentTemplate,
  { objectiveTemplates }: CatalogView,
): AgentObjective[] | undefined {
  const objectives = copies(objectiveTemplateIds, objectiveTemplates, objectiveContent);
  return objectives && objectiveList(objectives);
}

function guardrailsOf(
  agent: Agent,
  { guardrailTemplateIds }: AgentTemplate,
  { guardrailTemplates }: CatalogView,
): AgentGuardrails | undefined {
  const empty: Agent = { ...agent, guardrails: {} };
  return guardrailTemplateIds?.reduce(
    (it, id) => importGuardrails(it, guardrailTemplates.require(id)),
    empty,
  ).guardrails;
}

function skillsOf(
  { skillTemplateIds }: AgentTemplate,
  catalog: CatalogView,
): AgentSkill[] | undefined {
  const skills = copies(skillTemplateIds, catalog.skillTemplates, skillContent);
  return skills && skillList(skills, catalog);
}

function playbooksOf(
  { playbookTemplateIds }: AgentTemplate,
  skills: Pick<Agent, 'skills'>,
  { playbookTemplates }: CatalogView,
): AgentPlaybook[] | undefined {
  const playbooks = copies(playbookTemplateIds, playbookTemplates, (it) => ({
    ...playbookContent(it, skills),
    isDefault: it.isDefault,
    isOutbound: it.isOutbound,
  }));
  return playbooks && playbookList(playbooks);
}

/** The named templates' content, each under the id that its copy has. */
function copies<T, C extends object>(
  ids: readonly string[] | undefined,
  kind: CatalogKind<T>,
  contentOf: (template: T) => C,
): (C & { readonly id: string })[] | undefined {
  return ids?.map((id) => ({ ...contentOf(kind.require(id)), id: localIdOf(id) }));
}

function assertApplicable(agent: Agent, { id }: AgentTemplate, catalog: CatalogView): void {
  const problems = sectionProblems(agent, catalog);
  if (!agent.playbooks?.length) {
    problems.push({ path: 'playbooks', message: 'exactly one must be the default, not 0' });
  }
  const [first] = problems;
  if (!first) return;
  throw new DomainError(
    'template.not_applicable',
    `the template '${id}' cannot be applied: ${first.path}: ${first.message}`,
    problems,
  );
}

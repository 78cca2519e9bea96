import { withEmptyBindings } from './added-bindings.ts';
import type { Agent } from './agents.ts';
import type { CatalogView } from './catalog-view.ts';
import { DomainError, type Problem } from './errors.ts';
import type { ItemChange } from './items.ts';
import {
  SECTIONS,
  TEMPLATE_SECTIONS,
  type TemplateSection,
  withoutDangling,
  withSection,
} from './sections.ts';
import type { AgentTemplate } from './templates.ts';

/** The result of applying an agent template. */
export interface AppliedTemplate {
  readonly appliedFrom: { readonly templateId: string; readonly templateName: string };
  /** The sections that the template carries. */
  readonly applied: readonly TemplateSection[];
  /** Sections that the template carries and that were left out: none, as a template applies as a whole. */
  readonly skipped: readonly TemplateSection[];
  /** The tools that were bound, without a configuration. */
  readonly addedToolBindings: readonly string[];
}

/**
 * Applies an agent template, all or nothing: every section that it carries replaces the
 * agent's, the others are kept. Tools that its skills need, or that it recommends, are
 * bound.
 *
 * @throws DomainError `template.not_applicable`, naming each problem by section and path
 */
export function applyTemplate(
  agent: Agent,
  template: AgentTemplate,
  catalog: CatalogView,
): ItemChange<AppliedTemplate> {
  const carried: TemplateSection[] = [];
  let replaced = agent;
  for (const section of TEMPLATE_SECTIONS) {
    const next = withCarried(section, replaced, template, catalog);
    if (next) carried.push(section);
    replaced = next ?? replaced;
  }
  const applied = withoutDangling(replaced, carried, catalog);
  assertApplicable(applied, template, catalog);
  const skills = carried.includes('skills') ? (applied.skills ?? []) : [];
  const needed = skills.flatMap(({ requiredTools = [] }) => requiredTools);
  const bound = withEmptyBindings(applied, [...needed, ...(template.recommendedToolIds ?? [])]);
  const { id, name, version } = template;
  return {
    agent: { ...bound.agent, templateRef: { templateId: id, version } },
    item: {
      appliedFrom: { templateId: id, templateName: name },
      applied: carried,
      skipped: [],
      addedToolBindings: bound.added,
    },
  };
}

/** Undefined if the template does not carry the section. */
function withCarried<S extends TemplateSection>(
  section: S,
  agent: Agent,
  template: AgentTemplate,
  catalog: CatalogView,
): Agent | undefined {
  const input = SECTIONS[section].fromTemplate?.(template, agent, catalog);
  return input && withSection(agent, section, input, catalog);
}

/** Checks every section, because those that the template does not carry may refer to the others. */
function assertApplicable(agent: Agent, { id }: AgentTemplate, catalog: CatalogView): void {
  const problems = TEMPLATE_SECTIONS.flatMap((section) => ownProblems(section, agent, catalog));
  if (!agent.playbooks?.length) {
    problems.push({ path: 'playbooks', message: 'must have exactly one default, not 0' });
  }
  const [first] = problems;
  if (!first) return;
  throw new DomainError(
    'template.not_applicable',
    `the template '${id}' cannot be applied: ${first.path}: ${first.message}`,
    problems,
  );
}

function ownProblems<S extends TemplateSection>(
  section: S,
  agent: Agent,
  catalog: CatalogView,
): readonly Problem[] {
  const { read, validate } = SECTIONS[section];
  const value = read(agent);
  return value == null ? [] : validate(value, agent, catalog);
}

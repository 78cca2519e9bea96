import { withEmptyBindings } from './added-bindings.ts';
import type { Agent } from './agents.ts';
import type { CatalogView } from './catalog-view.ts';
import { DomainError, type Problem } from './errors.ts';
import type { Outcome } from './outcome.ts';
import { problemsOf } from './section-problems.ts';
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
 * @returns Refused as `template.not_applicable`, naming each problem by section and path
 */
export function applyTemplate(
  agent: Agent,
  template: AgentTemplate,
  catalog: CatalogView,
): Outcome<AppliedTemplate> {
  const carried: TemplateSection[] = [];
  let replaced = agent;
  for (const section of TEMPLATE_SECTIONS) {
    const next = withCarried(section, replaced, template, catalog);
    if (next) carried.push(section);
    replaced = next ?? replaced;
  }
  const applied = withoutDangling(replaced, carried, catalog);
  const skills = carried.includes('skills') ? (applied.skills ?? []) : [];
  const needed = skills.flatMap(({ requiredTools = [] }) => requiredTools);
  const bound = withEmptyBindings(applied, [...needed, ...(template.recommendedToolIds ?? [])]);
  const { id, name, version } = template;
  return {
    after: { ...bound.agent, templateRef: { templateId: id, version } },
    item: {
      appliedFrom: { templateId: id, templateName: name },
      applied: carried,
      skipped: [],
      addedToolBindings: bound.added,
    },
    refusal: notApplicable(applied, template, catalog),
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
function notApplicable(
  agent: Agent,
  { id }: AgentTemplate,
  catalog: CatalogView,
): DomainError | undefined {
  const problems = TEMPLATE_SECTIONS.flatMap((section) => problemsOf(agent, section, catalog));
  const isEmpty = !agent.playbooks?.length;
  const all: readonly Problem[] = isEmpty
    ? [...problems, { path: 'playbooks', message: 'must have exactly one default, not 0' }]
    : problems;
  const [first] = all;
  if (!first) return undefined;
  return new DomainError(
    'template.not_applicable',
    `the template '${id}' cannot be applied: ${first.path}: ${first.message}`,
    all,
  );
}

import type { Agent, AgentContent } from './agents.ts';
import type { CatalogView } from './catalog-view.ts';
import { GUARDRAILS_SECTION } from './guardrails.ts';
import { IDENTITY_SECTION } from './identity.ts';
import { MESSAGE_TEMPLATES_SECTION } from './message-templates.ts';
import { OBJECTIVES_SECTION } from './objectives.ts';
import { OUTREACH_SECTION } from './outreach.ts';
import { PERSONALITY_SECTION } from './personality.ts';
import { PLAYBOOKS_SECTION } from './playbooks.ts';
import { PRODUCTS_SECTION } from './products.ts';
import type { SectionSpec } from './section-spec.ts';
import type { Shape } from './shapes.ts';
import { SKILLS_SECTION } from './skills.ts';
import { TOOL_BINDINGS_SECTION } from './tool-binding-definitions.ts';

/**
 * The sections of an agent definition, in the order of an export. Export, import, agent
 * templates, diffs, readiness, the API's input type and the tests' generator derive from
 * this table.
 */
const TABLE = {
  identity: IDENTITY_SECTION,
  personality: PERSONALITY_SECTION,
  playbooks: PLAYBOOKS_SECTION,
  objectives: OBJECTIVES_SECTION,
  skills: SKILLS_SECTION,
  guardrails: GUARDRAILS_SECTION,
  messageTemplates: MESSAGE_TEMPLATES_SECTION,
  outreach: OUTREACH_SECTION,
  toolBindings: TOOL_BINDINGS_SECTION,
  products: PRODUCTS_SECTION,
};

type Table = typeof TABLE;
export type Section = keyof Table;
export const SECTION_NAMES = Object.keys(TABLE) as readonly Section[];

/** Each section as an export contains it. */
export type Definition = {
  readonly [S in Section]: Table[S]['shape'] extends Shape<infer Value> ? Value : never;
};

type Inputs = { readonly [S in Section]: NonNullable<Parameters<Table[S]['complete']>[0]> };

/** A definition as an import accepts it. An absent section is left unchanged; `null` empties it. */
export type DefinitionInput = { readonly [S in Section]?: Inputs[S] | null | undefined };

export const SECTIONS: { readonly [S in Section]: SectionSpec<Definition[S], Inputs[S]> } = TABLE;

/** The sections that an agent template can carry. */
export type TemplateSection = {
  [S in Section]: Table[S]['fromTemplate'] extends null ? never : S;
}[Section];

/** In the order in which a template is applied: a section follows those that it refers to. */
const TEMPLATE_ORDER: Readonly<Record<TemplateSection, true>> = {
  personality: true,
  objectives: true,
  guardrails: true,
  skills: true,
  playbooks: true,
  messageTemplates: true,
  outreach: true,
};
export const TEMPLATE_SECTIONS = Object.keys(TEMPLATE_ORDER) as readonly TemplateSection[];

/** The sections that readiness reads. */
export type ReadinessSection = {
  [S in Section]: Table[S]['isReadByReadiness'] extends true ? S : never;
}[Section];
export const READINESS_SECTIONS = SECTION_NAMES.filter(
  (name): name is ReadinessSection => SECTIONS[name].isReadByReadiness,
);

/** The parts of an agent that no definition contains. Each part is here or a section. */
const OTHER_PARTS: Readonly<Record<Exclude<keyof AgentContent, Section>, true>> = {
  name: true,
  description: true,
  templateRef: true,
  channels: true,
  archivedRcs: true,
};
/** Every part of an agent that its callers write. */
export const AGENT_PARTS = [
  ...(Object.keys(OTHER_PARTS) as readonly (keyof typeof OTHER_PARTS)[]),
  ...SECTION_NAMES,
];

/**
 * The agent with a section replaced; the agent itself if an export would be the same. The input is
 * completed, not validated.
 */
export function withSection<S extends Section>(
  agent: Agent,
  section: S,
  input: Inputs[S] | null,
  catalog: CatalogView,
): Agent {
  const { apply, complete, read, shape }: SectionSpec<Definition[S], Inputs[S]> = SECTIONS[section];
  const value = complete(input, catalog);
  // The order of free-form fields is part of an export.
  const textOf = (it: Definition[S]) => JSON.stringify(shape.ordered(it));
  return textOf(read(agent)) === textOf(value) ? agent : apply(agent, value);
}

/** The agent without the references of the other sections to items that no longer exist. */
export function withoutDangling(
  agent: Agent,
  replaced: readonly Section[],
  catalog: CatalogView,
): Agent {
  return SECTION_NAMES.filter((section) => !replaced.includes(section)).reduce(
    (it, section) => SECTIONS[section].dropDangling?.(it, catalog) ?? it,
    agent,
  );
}

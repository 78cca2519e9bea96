import type { Agent } from './agents.ts';
import type { CatalogView } from './catalog-view.ts';
import type { DerivedFrom } from './derived-from.ts';
import { DomainError, invalid, type Problem } from './errors.ts';
import type { AgentGuardrails, GuardrailsFields } from './guardrails.ts';
import type { AgentIdentity } from './identity.ts';
import { type ItemChange, idProblems } from './items.ts';
import { firstExcess } from './json-bounds.ts';
import {
  type AgentMessageTemplate,
  type MessageTemplateFields,
  messageTemplateList,
} from './message-templates.ts';
import { type AgentObjective, type ObjectiveFields, objectiveList } from './objectives.ts';
import type { OutreachConfig } from './outreach.ts';
import { type Patch, setFields } from './patch.ts';
import type { AgentPersonality, PersonalityFields } from './personality.ts';
import { type AgentPlaybook, type PlaybookFields, playbookList } from './playbooks.ts';
import { type AgentSections, sectionProblems, withSections } from './sections.ts';
import { type AgentSkill, type SkillFields, skillList } from './skills.ts';
import type { ExampleTurn } from './templates.ts';
import type { AgentToolBinding, BindableTool } from './tool-bindings.ts';
import { type ExportedToolBinding, replaceToolBindings } from './tool-bindings.ts';

/** The sections of an exported agent, in their order. */
export const DEFINITION_SECTIONS = [
  'identity',
  'personality',
  'playbooks',
  'objectives',
  'skills',
  'guardrails',
  'messageTemplates',
  'outreach',
  'toolBindings',
  'products',
] as const;
export type DefinitionSection = (typeof DEFINITION_SECTIONS)[number];

/**
 * A definition as a caller gives it. A section that is absent leaves the
 * agent's as it is; one that is there replaces it, `null` with nothing.
 */
export interface DefinitionInput {
  readonly identity?: Patch<AgentIdentity> | null | undefined;
  readonly personality?: PersonalityFields | null | undefined;
  readonly playbooks?: readonly PlaybookFields[] | null | undefined;
  readonly objectives?: readonly ObjectiveFields[] | null | undefined;
  readonly skills?: readonly SkillFields[] | null | undefined;
  readonly guardrails?: GuardrailsFields | null | undefined;
  readonly messageTemplates?: readonly MessageTemplateFields[] | null | undefined;
  readonly outreach?: Patch<OutreachConfig> | null | undefined;
  readonly toolBindings?: readonly ExportedToolBinding[] | null | undefined;
  readonly products?: readonly string[] | null | undefined;
}

/** What an import reads of the catalog. */
export type DefinitionCatalog = CatalogView & {
  readonly tools: { get(id: string): BindableTool | undefined };
};

/** List items of a definition, all lists together. */
const MAX_ITEMS = 10_000;
/** Values within values; the deepest that an agent has are some ten. */
const MAX_DEPTH = 64;

/**
 * An agent as a definition: every section, in order, each as importing takes it;
 * no secret, nothing of the system's, no time. What it says depends on the agent's
 * content alone: importing it anywhere and exporting again says the same.
 */
export function exportDefinition(agent: Agent): Readonly<Record<DefinitionSection, unknown>> {
  const { personality, playbooks = [], objectives = [], skills = [], toolBindings = [] } = agent;
  return {
    identity: inOrder(agent.identity, IDENTITY),
    personality: personality ? inOrder(personality, PERSONALITY) : null,
    playbooks: playbooks.map((one) => inOrder(one, PLAYBOOK)),
    objectives: objectives.map((one) => inOrder(one, OBJECTIVE)),
    skills: skills.map((one) => inOrder(one, SKILL)),
    guardrails: inOrder(agent.guardrails ?? {}, GUARDRAILS),
    messageTemplates: (agent.messageTemplates ?? []).map((one) => inOrder(one, MESSAGE_TEMPLATE)),
    outreach: inOrder(agent.outreach ?? {}, OUTREACH),
    toolBindings: toolBindings.map((one) => inOrder(one, TOOL_BINDING)),
    products: agent.products ?? [],
  };
}

/**
 * Applies the sections that a definition has, all of them or none. What is not
 * of the definition stays: secrets and grants of tools that remain bound, the
 * name, the channels. References of untouched sections to what an import takes
 * away go with it.
 *
 * @param at ISO-8601
 * @returns the agent, and the sections that the definition has, in their order
 * @throws DomainError `request.invalid` with every problem, paths within the definition
 */
export function importDefinition(
  agent: Agent,
  input: DefinitionInput,
  catalog: DefinitionCatalog,
  at: string,
): ItemChange<readonly DefinitionSection[]> {
  assertBounded(input);
  const bound = withBindings(agent, input, catalog, at);
  const imported = withOwnSections(
    withSections(bound.agent, sectionsOf(input, catalog), catalog),
    input,
  );
  const problems = [
    ...idProblems(input.objectives ?? [], 'objectives'),
    ...ofGivenSections(sectionProblems(imported, catalog), input),
    ...bound.problems,
  ];
  if (problems.length > 0) throw invalid(problems);
  const applied = DEFINITION_SECTIONS.filter((section) => input[section] !== undefined);
  return { agent: applied.length === 0 ? agent : imported, item: applied };
}

/** The sections that an agent template can have, too. */
function sectionsOf(input: DefinitionInput, catalog: DefinitionCatalog): AgentSections {
  const { personality, objectives, guardrails, skills, playbooks, messageTemplates, outreach } =
    input;
  return setFields<AgentSections>({
    personality: personality && setFields<AgentPersonality>(personality),
    objectives: objectives === undefined ? undefined : objectiveList(objectives ?? []),
    guardrails: guardrails === undefined ? undefined : setFields<AgentGuardrails>(guardrails ?? {}),
    skills: skills === undefined ? undefined : skillList(skills ?? [], catalog),
    playbooks: playbooks === undefined ? undefined : playbookList(playbooks ?? []),
    messageTemplates:
      messageTemplates === undefined ? undefined : messageTemplateList(messageTemplates ?? []),
    outreach: outreach === undefined ? undefined : setFields<OutreachConfig>(outreach ?? {}),
  });
}

function withOwnSections(
  agent: Agent,
  { identity, personality, products }: DefinitionInput,
): Agent {
  const { personality: kept, ...rest } = agent;
  return {
    ...rest,
    ...(personality !== null && kept && { personality: kept }),
    ...(identity !== undefined && { identity: setFields<AgentIdentity>(identity ?? {}) }),
    ...(products !== undefined && { products: products ?? [] }),
  };
}

function withBindings(
  agent: Agent,
  { toolBindings }: DefinitionInput,
  { tools }: DefinitionCatalog,
  at: string,
): { readonly agent: Agent; readonly problems: readonly Problem[] } {
  if (toolBindings === undefined) return { agent, problems: [] };
  try {
    const toolOf = (id: string) => tools.get(id);
    return { agent: replaceToolBindings(agent, toolBindings ?? [], toolOf, at), problems: [] };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const problems = error.problems.map((it) => ({ ...it, path: `toolBindings${it.path}` }));
    return { agent, problems };
  }
}

/** Objectives are ranked by now: the problems of their ids are told by the input. */
function ofGivenSections(problems: readonly Problem[], input: DefinitionInput): Problem[] {
  return problems.filter(({ path }) => {
    const section = /^\w+/.exec(path)?.[0] as DefinitionSection | undefined;
    return section !== undefined && section !== 'objectives' && input[section] !== undefined;
  });
}

/** @throws DomainError `request.invalid` */
function assertBounded(input: DefinitionInput): void {
  // The definition itself is not counted as a level.
  const excess = firstExcess(input, { maxLevels: MAX_DEPTH + 1, maxItems: MAX_ITEMS });
  if (!excess) return;
  const problem =
    excess.bound === 'maxLevels'
      ? `is more than ${MAX_DEPTH} levels deep`
      : `has more than ${MAX_ITEMS} items`;
  throw invalid([{ path: '', message: `the definition ${problem}` }]);
}

/** Every field of `T`, in the order in which an export tells them. */
type Fields<T> = { readonly [F in keyof Required<T>]: true };

const IDENTITY: Fields<AgentIdentity> = {
  smallLogoUrl: true,
  largeBannerUrl: true,
  brandColor: true,
  contactEmail: true,
  contactPhone: true,
  websiteUrl: true,
  privacyPolicyUrl: true,
  termsOfServiceUrl: true,
  contactAvailability: true,
  identityPreamble: true,
};
const PERSONALITY: Fields<AgentPersonality> = { description: true, text: true, derivedFrom: true };
const PLAYBOOK: Fields<AgentPlaybook> = {
  id: true,
  name: true,
  description: true,
  isDefault: true,
  isOutbound: true,
  whenToUse: true,
  body: true,
  examples: true,
  skillRefs: true,
  toolRefs: true,
  messageTemplateRefs: true,
  derivedFrom: true,
};
const OBJECTIVE: Fields<AgentObjective> = {
  id: true,
  name: true,
  description: true,
  priority: true,
  body: true,
  derivedFrom: true,
};
const SKILL: Fields<AgentSkill> = {
  id: true,
  name: true,
  description: true,
  enabled: true,
  body: true,
  requiredTools: true,
  derivedFrom: true,
};
const GUARDRAILS: Fields<AgentGuardrails> = {
  topicsToAvoid: true,
  claimsNotToMake: true,
  requiredDisclaimers: true,
  additionalRules: true,
  derivedFromTemplates: true,
};
const MESSAGE_TEMPLATE: Fields<AgentMessageTemplate> = {
  id: true,
  name: true,
  description: true,
  body: true,
  defaultOnMissingSlot: true,
};
const OUTREACH: Fields<OutreachConfig> = { greetingTemplateId: true };
/** Without what refers to secrets. */
const TOOL_BINDING: Fields<Pick<AgentToolBinding, 'toolId' | 'enabled' | 'config'>> = {
  toolId: true,
  enabled: true,
  config: true,
};

/** The fields of what is within fields of these names. */
const WITHIN: Readonly<Record<string, object>> = {
  derivedFrom: { templateId: true, version: true } satisfies Fields<DerivedFrom>,
  examples: { role: true, content: true } satisfies Fields<ExampleTurn>,
};

function inOrder(value: unknown, fields: object): unknown {
  if (Array.isArray(value)) return value.map((one) => inOrder(one, fields));
  const set = new Map(Object.entries(value as object));
  return Object.fromEntries(
    Object.keys(fields).flatMap((name) => {
      const inner = set.get(name) as unknown;
      if (inner === undefined) return [];
      const within = WITHIN[name];
      return [[name, within ? inOrder(inner, within) : inner]];
    }),
  );
}

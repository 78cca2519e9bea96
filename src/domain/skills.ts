import { withEmptyBindings } from './added-bindings.ts';
import type { Agent } from './agents.ts';
import type { CatalogView } from './catalog-view.ts';
import { DERIVED_FROM, type DerivedFrom } from './derived-from.ts';
import { DomainError, invalid, type Problem } from './errors.ts';
import {
  fixedProblems,
  type ItemChange,
  type ItemKind,
  idProblems,
  idsOf,
  itemOf,
  newItemId,
  withItem,
} from './items.ts';
import { listShape } from './list-shape.ts';
import { assertNotCleared, clearedProblems, mergePatch, type Patch, setFields } from './patch.ts';
import { withoutSkillRef } from './playbook-refs.ts';
import type { SectionSpec } from './section-spec.ts';
import { copiesOf, localIdOf, type SkillTemplate } from './templates.ts';

/** A named instruction for an agent, as stored in the agent's document (reference, "Skills"). */
export interface AgentSkill {
  /** A slug, unique among the agent's skills and the system skills. */
  readonly id: string;
  readonly name: string;
  /** For people. */
  readonly description?: string;
  /** The prompt fragment. */
  readonly body: string;
  readonly enabled: boolean;
  /** Ids of the tools that it needs at run time. */
  readonly requiredTools?: readonly string[];
  /** Settings of the runtime for the skill. Only imports write it (reference, "Skills"). */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly derivedFrom?: DerivedFrom;
}

export const SKILL_SOURCES = ['author', 'system'] as const;
export type SkillSource = (typeof SKILL_SOURCES)[number];

/** A skill as the API lists it. */
export interface ListedSkill extends AgentSkill {
  readonly source: SkillSource;
}

type Needed = Pick<AgentSkill, 'name' | 'body'>;
/** `config`, `derivedFrom` and `source` may be sent back as they were read. */
export type SkillFields = Needed & Patch<Omit<ListedSkill, keyof Needed>>;
export type CreateSkillInput = Omit<SkillFields, 'config' | 'derivedFrom' | 'source'>;
export type UpdateSkillInput = Patch<Omit<AgentSkill, 'id' | 'config' | 'derivedFrom'>>;

/** The result of importing a skill template. */
export interface ImportedSkill {
  readonly skill: ListedSkill;
  /** The tools that were bound for the skill, without a configuration. */
  readonly addedToolBindings: readonly string[];
}

type SystemSkills = Pick<CatalogView, 'systemSkills'>;

const KIND: ItemKind = {
  noun: 'skill',
  notFound: 'skill.not_found',
  idTaken: 'skill.id_taken',
};

/** The agent's own skills, then the system skills. */
export function skillsOf(agent: Agent, { systemSkills }: SystemSkills): readonly ListedSkill[] {
  return [
    ...(agent.skills ?? []).map(authored),
    ...systemSkills.list().map((skill) => ({ ...skill, enabled: true, source: 'system' as const })),
  ];
}

/** @throws DomainError `skill.not_found` */
export function skillOf(agent: Agent, id: string, catalog: SystemSkills): ListedSkill {
  return itemOf(KIND, skillsOf(agent, catalog), id);
}

/** @throws DomainError `request.invalid`, `skill.id_taken` */
export function createSkill(
  agent: Agent,
  input: CreateSkillInput,
  catalog: SystemSkills,
): ItemChange<ListedSkill> {
  const id = newItemId(KIND, skillsOf(agent, catalog), input);
  const skill = setFields<AgentSkill>({ ...input, id, enabled: input.enabled ?? true });
  return { agent: withSkills(agent, [...ownSkills(agent), skill]), item: authored(skill) };
}

/**
 * Replaces a skill, except its id, its `config`, its `derivedFrom` and, if it is not given,
 * `enabled`.
 *
 * @throws DomainError `skill.not_found`, `skill.system_immutable`, `request.invalid`
 */
export function replaceSkill(
  agent: Agent,
  id: string,
  input: SkillFields,
  catalog: SystemSkills,
): ItemChange<ListedSkill> {
  const current = writable(agent, id, catalog);
  const problems = [
    ...fixedProblems(authored(current), input, ['id', 'config', 'derivedFrom', 'source']),
    ...clearedProblems(input, ['enabled']),
  ];
  if (problems.length > 0) throw invalid(problems);
  const { source: _, ...content } = input;
  const { config, derivedFrom } = current;
  const enabled = input.enabled ?? current.enabled;
  return put(agent, setFields<AgentSkill>({ ...content, id, enabled, config, derivedFrom }));
}

/**
 * A merge patch.
 *
 * @throws DomainError `skill.not_found`, `skill.system_immutable`, `request.invalid`
 */
export function updateSkill(
  agent: Agent,
  id: string,
  input: UpdateSkillInput,
  catalog: SystemSkills,
): ItemChange<ListedSkill> {
  const current = writable(agent, id, catalog);
  assertNotCleared(input, ['name', 'body', 'enabled']);
  return put(agent, mergePatch<AgentSkill>(current, input));
}

/** @throws DomainError `skill.not_found`, `skill.system_immutable` */
export function setSkillEnabled(
  agent: Agent,
  id: string,
  enabled: boolean,
  catalog: SystemSkills,
): ItemChange<ListedSkill> {
  const current = writable(agent, id, catalog);
  if (current.enabled === enabled) return { agent, item: authored(current) };
  return put(agent, { ...current, enabled });
}

/**
 * Removes a skill, and the references to it in playbooks.
 *
 * @throws DomainError `skill.not_found`, `skill.system_immutable`
 */
export function deleteSkill(agent: Agent, id: string, catalog: SystemSkills): Agent {
  const removed = writable(agent, id, catalog);
  const skills = ownSkills(agent).filter((one) => one !== removed);
  return withoutSkillRef(withSkills(agent, skills), id);
}

/**
 * Copies a template into the agent, and binds the tools that it needs. It is placed last;
 * an earlier copy of the template is replaced and keeps its id and `enabled`.
 */
export function importSkill(
  agent: Agent,
  template: SkillTemplate,
  catalog: SystemSkills,
): ItemChange<ImportedSkill> {
  const items = ownSkills(agent);
  const earlier = items.find(({ derivedFrom }) => derivedFrom?.templateId === template.id);
  if (earlier) return recopySkill(agent, earlier, template);
  const id = newItemId(KIND, skillsOf(agent, catalog), { name: localIdOf(template.id) });
  const skill: AgentSkill = { id, enabled: true, ...skillContent(template) };
  return bound(withSkills(agent, [...items, skill]), skill);
}

/** Replaces a skill with a copy of a template, except its id and `enabled`. */
export function recopySkill(
  agent: Agent,
  { id, enabled }: AgentSkill,
  template: SkillTemplate,
): ItemChange<ImportedSkill> {
  const skill: AgentSkill = { id, enabled, ...skillContent(template) };
  return bound(put(agent, skill).agent, skill);
}

function bound(agent: Agent, skill: AgentSkill): ItemChange<ImportedSkill> {
  const bindings = withEmptyBindings(agent, skill.requiredTools);
  return {
    agent: bindings.agent,
    item: { skill: authored(skill), addedToolBindings: bindings.added },
  };
}

/** The fields of a skill that are copied from its template. */
export function skillContent({
  id,
  version,
  name,
  description,
  body,
  requiredTools,
  config,
}: SkillTemplate): Omit<AgentSkill, 'id' | 'enabled'> {
  return {
    name,
    description,
    body,
    ...(requiredTools && { requiredTools }),
    ...(config && { config }),
    derivedFrom: { templateId: id, version },
  };
}

/**
 * Every problem of the ids of a new list.
 *
 * @param path of the list in the input, e.g. `skills`
 */
export function skillListProblems(
  inputs: readonly SkillFields[],
  { systemSkills }: SystemSkills,
  path: string,
): Problem[] {
  return [
    ...idProblems(inputs, path),
    ...inputs.flatMap(({ id }, i) =>
      id != null && systemSkills.get(id)
        ? [{ path: `${path}[${i}].id`, message: `'${id}' is the id of a system skill` }]
        : [],
    ),
  ];
}

/** A valid list as stored: ids and `enabled` are filled in. */
export function skillList(
  inputs: readonly SkillFields[],
  { systemSkills }: SystemSkills,
): AgentSkill[] {
  const taken = systemSkills.list();
  const ids = idsOf(KIND, [...taken, ...inputs]).slice(taken.length);
  return inputs.map(({ source: _, ...input }, i) =>
    setFields<AgentSkill>({ ...input, id: ids[i], enabled: input.enabled ?? true }),
  );
}

function ownSkills({ skills = [] }: Agent): readonly AgentSkill[] {
  return skills;
}

function writable(agent: Agent, id: string, { systemSkills }: SystemSkills): AgentSkill {
  if (systemSkills.get(id)) {
    throw new DomainError(
      'skill.system_immutable',
      `'${id}' is a system skill, which cannot be changed`,
    );
  }
  return itemOf(KIND, ownSkills(agent), id);
}

function authored(skill: AgentSkill): ListedSkill {
  return { ...skill, source: 'author' };
}

function put(agent: Agent, skill: AgentSkill): ItemChange<ListedSkill> {
  return { agent: withSkills(agent, withItem(ownSkills(agent), skill)), item: authored(skill) };
}

function withSkills(agent: Agent, skills: readonly AgentSkill[]): Agent {
  return { ...agent, skills };
}

export const SKILLS_SECTION = {
  description: "The agent's own skills.",
  isReadByReadiness: true,
  shape: listShape<AgentSkill>('id', {
    id: true,
    name: true,
    description: true,
    enabled: true,
    body: true,
    requiredTools: true,
    config: 'optional json',
    derivedFrom: DERIVED_FROM,
  }),
  secretMarks: null,
  read: ({ skills = [] }) => skills,
  apply: withSkills,
  complete: (input, catalog) => skillList(input ?? [], catalog),
  validate: (given, _, catalog) => skillListProblems(given, catalog, 'skills'),
  fromTemplate: ({ skillTemplateIds }, _, { skillTemplates }) =>
    copiesOf(skillTemplateIds, skillTemplates, skillContent),
  dropDangling: null,
} as const satisfies SectionSpec<readonly AgentSkill[], readonly SkillFields[]>;

import type { Agent } from './agents.ts';
import { DERIVED_FROM, type DerivedFrom } from './derived-from.ts';
import { invalid, type Problem } from './errors.ts';
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
import type { SectionSpec } from './section-spec.ts';
import { copiesOf, localIdOf, type ObjectiveTemplate } from './templates.ts';

/** A goal of an agent (reference, "Objectives"). */
export interface AgentObjective {
  /** A slug, unique within the agent. */
  readonly id: string;
  readonly name: string;
  /** For people. */
  readonly description?: string;
  /** The prompt fragment. */
  readonly body: string;
  /** The lower number wins when objectives conflict. */
  readonly priority: number;
  readonly derivedFrom?: DerivedFrom;
}

type Needed = Pick<AgentObjective, 'name' | 'body'>;
export type CreateObjectiveInput = Needed &
  Patch<Omit<AgentObjective, keyof Needed | 'derivedFrom'>>;
export type ObjectiveFields = Needed & Patch<Omit<AgentObjective, keyof Needed>>;
export type UpdateObjectiveInput = Patch<Omit<AgentObjective, 'id' | 'derivedFrom'>>;

const KIND: ItemKind = {
  noun: 'objective',
  notFound: 'objective.not_found',
  idTaken: 'objective.id_taken',
};

/** @throws DomainError `objective.not_found` */
export function objectiveOf(agent: Agent, id: string): AgentObjective {
  return itemOf(KIND, objectivesOf(agent), id);
}

export function objectivesOf(agent: Pick<Agent, 'objectives'>): readonly AgentObjective[] {
  return agent.objectives ?? [];
}

/**
 * Adds an objective. Without a priority it is ranked last.
 *
 * @throws DomainError `request.invalid`, `objective.id_taken`
 */
export function createObjective(
  agent: Agent,
  input: CreateObjectiveInput,
): ItemChange<AgentObjective> {
  const items = objectivesOf(agent);
  const item = setFields<AgentObjective>({
    ...input,
    id: newItemId(KIND, items, input),
    priority: input.priority ?? lastPriority(items) + 1,
  });
  return { agent: withObjectives(agent, [...items, item]), item };
}

/**
 * Replaces the list. Missing ids are minted; missing priorities are positions, from 1. An
 * objective of a known id keeps its `derivedFrom`.
 *
 * @throws DomainError `request.invalid` for a malformed or repeated id, a priority of `null`, or a
 *   changed `derivedFrom`
 */
export function replaceObjectives(agent: Agent, inputs: readonly ObjectiveFields[]): Agent {
  const before = new Map(objectivesOf(agent).map((one) => [one.id, one]));
  const current = ({ id }: ObjectiveFields) => (id == null ? undefined : before.get(id));
  const problems = [
    ...objectiveListProblems(inputs),
    ...inputs.flatMap((input, i) =>
      fixedProblems(current(input) ?? {}, input, ['derivedFrom'], `objectives[${i}].`),
    ),
  ];
  if (problems.length > 0) throw invalid(problems);
  const kept = inputs.map((input) => ({ ...input, derivedFrom: current(input)?.derivedFrom }));
  return { ...agent, objectives: objectiveList(kept) };
}

/** Every problem of a new list: of ids, and of priorities that are cleared. */
function objectiveListProblems(inputs: readonly ObjectiveFields[]): Problem[] {
  return [
    ...idProblems(inputs, 'objectives'),
    ...inputs.flatMap((input, i) => clearedProblems(input, ['priority'], `objectives[${i}].`)),
  ];
}

/** A list as stored: ids and priorities are filled in, and it is ordered by priority. */
export function objectiveList(inputs: readonly ObjectiveFields[]): AgentObjective[] {
  const ids = idsOf(KIND, inputs);
  return ranked(
    inputs.map((input, i) =>
      setFields<AgentObjective>({ ...input, id: ids[i], priority: input.priority ?? i + 1 }),
    ),
  );
}

/**
 * Replaces an objective, except its id, its `derivedFrom` and, if none is given, its priority.
 *
 * @throws DomainError `objective.not_found`, `request.invalid`
 */
export function replaceObjective(
  agent: Agent,
  id: string,
  input: ObjectiveFields,
): ItemChange<AgentObjective> {
  const current = objectiveOf(agent, id);
  const problems = [
    ...fixedProblems(current, input, ['id', 'derivedFrom']),
    ...clearedProblems(input, ['priority']),
  ];
  if (problems.length > 0) throw invalid(problems);
  const { derivedFrom } = current;
  const priority = input.priority ?? current.priority;
  return put(agent, setFields<AgentObjective>({ ...input, id, priority, derivedFrom }));
}

/**
 * A merge patch.
 *
 * @throws DomainError `objective.not_found`, `request.invalid`
 */
export function updateObjective(
  agent: Agent,
  id: string,
  input: UpdateObjectiveInput,
): ItemChange<AgentObjective> {
  const current = objectiveOf(agent, id);
  assertNotCleared(input, ['name', 'body', 'priority']);
  return put(agent, mergePatch<AgentObjective>(current, input));
}

/** @throws DomainError `objective.not_found` */
export function deleteObjective(agent: Agent, id: string): Agent {
  const removed = objectiveOf(agent, id);
  return { ...agent, objectives: objectivesOf(agent).filter((one) => one !== removed) };
}

/**
 * Gives the listed objectives the priorities 1, 2, 3 …; the others follow in their current order.
 *
 * @throws DomainError `request.invalid` for an unknown or repeated id
 */
export function reorderObjectives(agent: Agent, ids: readonly string[]): Agent {
  const items = new Map(objectivesOf(agent).map((one) => [one.id, one]));
  const listed = new Set<string>();
  const problems: Problem[] = [];
  for (const [i, id] of ids.entries()) {
    const path = `ids[${i}]`;
    if (listed.has(id)) problems.push({ path, message: `'${id}' is repeated` });
    else if (!items.has(id)) problems.push({ path, message: `there is no objective '${id}'` });
    listed.add(id);
  }
  if (problems.length > 0) throw invalid(problems);
  const others = [...items.keys()].filter((id) => !listed.has(id));
  const objectives = [...listed, ...others].flatMap((id, i) => {
    const item = items.get(id);
    return item ? [{ ...item, priority: i + 1 }] : [];
  });
  return { ...agent, objectives };
}

/**
 * Copies a template into the agent. It is ranked last; an earlier copy of the template is
 * replaced and keeps its id and priority.
 *
 * @param priority of the copy, if given
 */
export function importObjective(
  agent: Agent,
  template: ObjectiveTemplate,
  priority?: number | null,
): ItemChange<AgentObjective> {
  const items = objectivesOf(agent);
  const earlier = items.find(({ derivedFrom }) => derivedFrom?.templateId === template.id);
  const item: AgentObjective = {
    id: earlier?.id ?? newItemId(KIND, items, { name: localIdOf(template.id) }),
    priority: priority ?? earlier?.priority ?? lastPriority(items) + 1,
    ...objectiveContent(template),
  };
  return earlier ? put(agent, item) : { agent: withObjectives(agent, [...items, item]), item };
}

/** The fields of an objective that are copied from its template. */
export function objectiveContent({
  id,
  version,
  name,
  description,
  body,
}: ObjectiveTemplate): Omit<AgentObjective, 'id' | 'priority'> {
  return { name, description, body, derivedFrom: { templateId: id, version } };
}

function put(agent: Agent, item: AgentObjective): ItemChange<AgentObjective> {
  return { agent: withObjectives(agent, withItem(objectivesOf(agent), item)), item };
}

function withObjectives(agent: Agent, objectives: readonly AgentObjective[]): Agent {
  return { ...agent, objectives: ranked(objectives) };
}

/** By priority, then position. */
function ranked(objectives: readonly AgentObjective[]): AgentObjective[] {
  return [...objectives].sort((a, b) => a.priority - b.priority);
}

function lastPriority(objectives: readonly AgentObjective[]): number {
  return objectives.reduce((last, { priority }) => Math.max(last, priority), 0);
}

export const OBJECTIVES_SECTION = {
  description: 'The goals.',
  isReadByReadiness: true,
  shape: listShape<AgentObjective>(
    'id',
    {
      id: true,
      name: true,
      description: true,
      priority: true,
      body: true,
      derivedFrom: DERIVED_FROM,
    },
    'priority',
  ),
  secretMarks: null,
  read: objectivesOf,
  apply: withObjectives,
  complete: (input) => objectiveList(input ?? []),
  validate: objectiveListProblems,
  fromTemplate: ({ objectiveTemplateIds }, _, { objectiveTemplates }) =>
    copiesOf(objectiveTemplateIds, objectiveTemplates, objectiveContent),
  dropDangling: null,
} as const satisfies SectionSpec<readonly AgentObjective[], readonly ObjectiveFields[]>;

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
import { type Referable, referableBy, refProblems, withoutDanglingRefs } from './playbook-refs.ts';
import type { SectionSpec } from './section-spec.ts';
import { copiesOf, type ExampleTurn, localIdOf, type PlaybookTemplate } from './templates.ts';

/** A named mode of operation (reference, "Playbooks"). */
export interface AgentPlaybook {
  /** A slug, unique within the agent. */
  readonly id: string;
  readonly name: string;
  /** For people. */
  readonly description?: string;
  /** When the agent should use it, for the model. */
  readonly whenToUse?: string;
  /** The prompt fragment. */
  readonly body: string;
  readonly examples?: readonly (readonly ExampleTurn[])[];
  /** Ids of skills: the agent's own, and system skills. */
  readonly skillRefs?: readonly string[];
  /** Ids of catalog tools. */
  readonly toolRefs?: readonly string[];
  readonly messageTemplateRefs?: readonly string[];
  /** True for exactly one playbook of an agent that has any. */
  readonly isDefault: boolean;
  /** True for at most one playbook: the one that starts outbound conversations. */
  readonly isOutbound?: boolean;
  readonly derivedFrom?: DerivedFrom;
}

type Needed = Pick<AgentPlaybook, 'name' | 'body'>;
/** `derivedFrom` may be sent back as it was read. */
export type PlaybookFields = Needed & Patch<Omit<AgentPlaybook, keyof Needed>>;
export type CreatePlaybookInput = Omit<PlaybookFields, 'derivedFrom'>;
export type UpdatePlaybookInput = Patch<Omit<AgentPlaybook, 'id' | 'derivedFrom'>>;

type Known = Pick<CatalogView, 'systemSkills' | 'tools'>;

const KIND: ItemKind = {
  noun: 'playbook',
  notFound: 'playbook.not_found',
  idTaken: 'playbook.id_taken',
};

/** @throws DomainError `playbook.not_found` */
export function playbookOf(agent: Agent, id: string): AgentPlaybook {
  return itemOf(KIND, playbooksOf(agent), id);
}

export function playbooksOf({
  playbooks = [],
}: Pick<Agent, 'playbooks'>): readonly AgentPlaybook[] {
  return playbooks;
}

/**
 * Adds a playbook. The first one becomes the default. `isDefault` and `isOutbound` move to
 * it from the playbook that had them.
 *
 * @throws DomainError `request.invalid`, `playbook.id_taken`
 */
export function createPlaybook(
  agent: Agent,
  input: CreatePlaybookInput,
  catalog: Known,
): ItemChange<AgentPlaybook> {
  assertRefs(agent, input, catalog);
  const items = playbooksOf(agent);
  const id = newItemId(KIND, items, input);
  const isDefault = items.length === 0 || input.isDefault === true;
  const playbook = setFields<AgentPlaybook>({ ...input, id, isDefault });
  return put(agent, [...items, playbook], playbook);
}

/**
 * Replaces a playbook, except its id, its `derivedFrom` and, if they are not given,
 * `isDefault` and `isOutbound`.
 *
 * @throws DomainError `playbook.not_found`, `playbook.default_required`, `request.invalid`
 */
export function replacePlaybook(
  agent: Agent,
  id: string,
  input: PlaybookFields,
  catalog: Known,
): ItemChange<AgentPlaybook> {
  const current = playbookOf(agent, id);
  const problems = [
    ...fixedProblems(current, input, ['id', 'derivedFrom']),
    ...clearedProblems(input, ['isDefault']),
    ...refProblems(input, referableBy(agent, catalog)),
  ];
  if (problems.length > 0) throw invalid(problems);
  assertStaysDefault(current, input);
  const { derivedFrom } = current;
  const { isDefault = current.isDefault, isOutbound = current.isOutbound } = input;
  return replaced(
    agent,
    setFields<AgentPlaybook>({ ...input, id, isDefault, isOutbound, derivedFrom }),
  );
}

/**
 * A merge patch.
 *
 * @throws DomainError `playbook.not_found`, `playbook.default_required`, `request.invalid`
 */
export function updatePlaybook(
  agent: Agent,
  id: string,
  input: UpdatePlaybookInput,
  catalog: Known,
): ItemChange<AgentPlaybook> {
  const current = playbookOf(agent, id);
  assertNotCleared(input, ['name', 'body', 'isDefault']);
  assertRefs(agent, input, catalog);
  assertStaysDefault(current, input);
  return replaced(agent, mergePatch<AgentPlaybook>(current, input));
}

/**
 * Removes a playbook. If it was the default, the first remaining one becomes the default.
 *
 * @throws DomainError `playbook.not_found`
 */
export function deletePlaybook(agent: Agent, id: string): Agent {
  const removed = playbookOf(agent, id);
  const remaining = playbooksOf(agent).filter((one) => one !== removed);
  const [first] = remaining;
  if (!removed.isDefault || !first) return { ...agent, playbooks: remaining };
  return put(agent, remaining, { ...first, isDefault: true }).agent;
}

/** @throws DomainError `playbook.not_found` */
export function setDefaultPlaybook(agent: Agent, id: string): Agent {
  const playbook = playbookOf(agent, id);
  if (playbook.isDefault) return agent;
  return replaced(agent, { ...playbook, isDefault: true }).agent;
}

/**
 * Copies a template into the agent. It is placed last; an earlier copy of the template is
 * replaced and keeps its own fields (`OwnField`). A first copy becomes the default if there
 * are no playbooks, and outbound if its template is and no other playbook is.
 */
export function importPlaybook(
  agent: Agent,
  template: PlaybookTemplate,
): ItemChange<AgentPlaybook> {
  const items = playbooksOf(agent);
  const earlier = items.find(({ derivedFrom }) => derivedFrom?.templateId === template.id);
  if (earlier) return recopyPlaybook(agent, earlier, template);
  const hasOutbound = items.some(({ isOutbound }) => isOutbound);
  const playbook: AgentPlaybook = {
    id: newItemId(KIND, items, { name: localIdOf(template.id) }),
    ...playbookContent(template, agent),
    isDefault: items.length === 0,
    ...(template.isOutbound && !hasOutbound && { isOutbound: true }),
  };
  return put(agent, [...items, playbook], playbook);
}

/** Replaces a playbook with a copy of a template, except its own fields. */
export function recopyPlaybook(
  agent: Agent,
  playbook: AgentPlaybook,
  template: PlaybookTemplate,
): ItemChange<AgentPlaybook> {
  return replaced(agent, { ...ownFieldsOf(playbook), ...playbookContent(template, agent) });
}

/** Fields that are never copied from a template. */
type OwnField = 'id' | 'isDefault' | 'isOutbound' | 'messageTemplateRefs';

function ownFieldsOf(playbook: AgentPlaybook): Pick<AgentPlaybook, OwnField> {
  const { id, isDefault, isOutbound, messageTemplateRefs } = playbook;
  return setFields<Pick<AgentPlaybook, OwnField>>({
    id,
    isDefault,
    isOutbound,
    messageTemplateRefs,
  });
}

/** The fields of a playbook that are copied from its template. Refers to the agent's copies of skill templates. */
export function playbookContent(
  template: PlaybookTemplate,
  { skills = [] }: Pick<Agent, 'skills'>,
): Omit<AgentPlaybook, OwnField> {
  const { id, version, name, description, whenToUse, body, examples, toolRefs } = template;
  const skillRefs = template.derivedSkillTemplateIds?.flatMap(
    (templateId) =>
      skills.find(({ derivedFrom }) => derivedFrom?.templateId === templateId)?.id ?? [],
  );
  return setFields<Omit<AgentPlaybook, OwnField>>({
    name,
    description,
    whenToUse,
    body,
    examples,
    skillRefs,
    toolRefs,
    derivedFrom: { templateId: id, version },
  });
}

/**
 * Every problem of a new list: of ids, of references, of the number of defaults and of
 * outbound playbooks.
 *
 * @param path of the list in the input, e.g. `playbooks`
 */
export function playbookListProblems(
  inputs: readonly PlaybookFields[],
  referable: Referable,
  path: string,
): Problem[] {
  const defaults = inputs.filter(({ isDefault }) => isDefault).length;
  const outbound = inputs.filter(({ isOutbound }) => isOutbound).length;
  return [
    ...idProblems(inputs, path),
    ...inputs.flatMap((input, i) => refProblems(input, referable, `${path}[${i}].`)),
    ...(inputs.length > 0 && defaults !== 1
      ? [{ path, message: `must have exactly one default, not ${defaults}` }]
      : []),
    ...(outbound > 1
      ? [{ path, message: `must have at most one outbound playbook, not ${outbound}` }]
      : []),
  ];
}

/** A valid list as stored: ids and `isDefault` are filled in. */
export function playbookList(inputs: readonly PlaybookFields[]): AgentPlaybook[] {
  const ids = idsOf(KIND, inputs);
  return inputs.map((input, i) =>
    setFields<AgentPlaybook>({ ...input, id: ids[i], isDefault: input.isDefault ?? false }),
  );
}

function assertRefs(agent: Agent, input: Parameters<typeof refProblems>[0], catalog: Known): void {
  const problems = refProblems(input, referableBy(agent, catalog));
  if (problems.length > 0) throw invalid(problems);
}

function assertStaysDefault(
  { id, isDefault }: AgentPlaybook,
  input: Pick<UpdatePlaybookInput, 'isDefault'>,
): void {
  if (!isDefault || input.isDefault !== false) return;
  throw new DomainError(
    'playbook.default_required',
    `'${id}' is the default playbook; set another one as the default instead`,
    [{ path: 'isDefault', message: 'cannot be false for the default playbook' }],
  );
}

function replaced(agent: Agent, playbook: AgentPlaybook): ItemChange<AgentPlaybook> {
  return put(agent, withItem(playbooksOf(agent), playbook), playbook);
}

/** Stores the list. If `written` is default or outbound, no other playbook is. */
function put(
  agent: Agent,
  playbooks: readonly AgentPlaybook[],
  written: AgentPlaybook,
): ItemChange<AgentPlaybook> {
  const settled = playbooks.map((one) =>
    one.id === written.id ? written : yielding(one, written),
  );
  return { agent: { ...agent, playbooks: settled }, item: written };
}

function yielding(playbook: AgentPlaybook, to: AgentPlaybook): AgentPlaybook {
  const yieldsDefault = playbook.isDefault && to.isDefault;
  const yieldsOutbound = playbook.isOutbound === true && to.isOutbound === true;
  if (!yieldsDefault && !yieldsOutbound) return playbook;
  return {
    ...playbook,
    ...(yieldsDefault && { isDefault: false }),
    ...(yieldsOutbound && { isOutbound: false }),
  };
}

export const PLAYBOOKS_SECTION = {
  description: 'The playbooks. Exactly one is the default, if there are any.',
  isReadByReadiness: true,
  shape: listShape<AgentPlaybook>('id', {
    id: true,
    name: true,
    description: true,
    isDefault: true,
    isOutbound: true,
    whenToUse: true,
    body: true,
    examples: { role: true, content: true },
    skillRefs: true,
    toolRefs: true,
    messageTemplateRefs: true,
    derivedFrom: DERIVED_FROM,
  }),
  secretMarks: null,
  read: playbooksOf,
  apply: (agent, playbooks) => ({ ...agent, playbooks }),
  complete: (input) => playbookList(input ?? []),
  validate: (given, agent, catalog) =>
    playbookListProblems(given, referableBy(agent, catalog), 'playbooks'),
  fromTemplate: ({ playbookTemplateIds }, agent, { playbookTemplates }) =>
    copiesOf(playbookTemplateIds, playbookTemplates, (template) => ({
      ...playbookContent(template, agent),
      isDefault: template.isDefault,
      isOutbound: template.isOutbound,
    })),
  dropDangling: withoutDanglingRefs,
} as const satisfies SectionSpec<readonly AgentPlaybook[], readonly PlaybookFields[]>;

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
import { assertNotCleared, mergePatch, type Patch, setFields } from './patch.ts';
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
  /** When the agent is to turn to it, for the model. */
  readonly whenToUse?: string;
  /** The prompt fragment. */
  readonly body: string;
  readonly examples?: readonly (readonly ExampleTurn[])[];
  /** Skills of the agent, its own or the system's. */
  readonly skillRefs?: readonly string[];
  /** Tools of the catalog. */
  readonly toolRefs?: readonly string[];
  readonly messageTemplateRefs?: readonly string[];
  /** True of exactly one, when the agent has any. */
  readonly isDefault: boolean;
  /** True of one at most: the outreach opener. */
  readonly isOutbound?: boolean;
  readonly derivedFrom?: DerivedFrom;
}

type Needed = Pick<AgentPlaybook, 'name' | 'body'>;
/** `derivedFrom` as it was read. */
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
 * Adds a playbook. The first becomes the default; another takes that over, or
 * the part of the opener, where it says so.
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
 * Replaces a playbook; its id, its provenance and, where it says nothing of it,
 * being the default stay.
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
    ...refProblems(input, referableBy(agent, catalog)),
  ];
  if (problems.length > 0) throw invalid(problems);
  assertStaysDefault(current, input);
  const { derivedFrom } = current;
  const isDefault = input.isDefault ?? current.isDefault;
  return replaced(agent, setFields<AgentPlaybook>({ ...input, id, isDefault, derivedFrom }));
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
 * Removes a playbook; the first that remains takes over from a default.
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
 * Copies a template onto the agent: behind the other playbooks, or in the place
 * of the copy that was imported before. What is the agent's own stays: an
 * earlier copy's id and parts (default, opener) and messages. A first copy takes
 * the parts that its template is meant for where nobody has them yet.
 */
export function importPlaybook(
  agent: Agent,
  template: PlaybookTemplate,
): ItemChange<AgentPlaybook> {
  const items = playbooksOf(agent);
  const earlier = items.find(({ derivedFrom }) => derivedFrom?.templateId === template.id);
  if (earlier) return recopyPlaybook(agent, earlier, template);
  const hasOpener = items.some(({ isOutbound }) => isOutbound);
  const playbook: AgentPlaybook = {
    id: newItemId(KIND, items, { name: localIdOf(template.id) }),
    ...playbookContent(template, agent),
    isDefault: items.length === 0,
    ...(template.isOutbound && !hasOpener && { isOutbound: true }),
  };
  return put(agent, [...items, playbook], playbook);
}

/** Copies a template over a playbook; what is the agent's own stays. */
export function recopyPlaybook(
  agent: Agent,
  playbook: AgentPlaybook,
  template: PlaybookTemplate,
): ItemChange<AgentPlaybook> {
  return replaced(agent, { ...ownPartsOf(playbook), ...playbookContent(template, agent) });
}

type OwnPart = 'id' | 'isDefault' | 'isOutbound' | 'messageTemplateRefs';

function ownPartsOf(playbook: AgentPlaybook): Pick<AgentPlaybook, OwnPart> {
  const { id, isDefault, isOutbound, messageTemplateRefs } = playbook;
  return setFields<Pick<AgentPlaybook, OwnPart>>({
    id,
    isDefault,
    isOutbound,
    messageTemplateRefs,
  });
}

/** What of a playbook comes from its template: references to skills as far as the agent has them from theirs. */
export function playbookContent(
  template: PlaybookTemplate,
  { skills = [] }: Pick<Agent, 'skills'>,
): Omit<AgentPlaybook, OwnPart> {
  const { id, version, name, description, whenToUse, body, examples, toolRefs } = template;
  const skillRefs = template.derivedSkillTemplateIds?.flatMap(
    (templateId) =>
      skills.find(({ derivedFrom }) => derivedFrom?.templateId === templateId)?.id ?? [],
  );
  return setFields<Omit<AgentPlaybook, OwnPart>>({
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
 * What is wrong with a list that is written as a whole: ids, references, and not
 * exactly one default or more than one opener.
 *
 * @param path where the list is in the input, e.g. `playbooks`
 */
export function playbookListProblems(
  inputs: readonly PlaybookFields[],
  referable: Referable,
  path: string,
): Problem[] {
  const defaults = inputs.filter(({ isDefault }) => isDefault).length;
  const openers = inputs.filter(({ isOutbound }) => isOutbound).length;
  return [
    ...idProblems(inputs, path),
    ...inputs.flatMap((input, i) => refProblems(input, referable, `${path}[${i}].`)),
    ...(inputs.length > 0 && defaults !== 1
      ? [{ path, message: `exactly one must be the default, not ${defaults}` }]
      : []),
    ...(openers > 1 ? [{ path, message: `one at most may be outbound, not ${openers}` }] : []),
  ];
}

/** A list that is free of problems as it is kept: ids and `isDefault` filled in. */
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
    `'${id}' is the default playbook; make another one the default instead`,
    [{ path: 'isDefault', message: 'cannot be false on the default playbook' }],
  );
}

function replaced(agent: Agent, playbook: AgentPlaybook): ItemChange<AgentPlaybook> {
  return put(agent, withItem(playbooksOf(agent), playbook), playbook);
}

/** Keeps the list; the parts that `written` has, no other one has any longer. */
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

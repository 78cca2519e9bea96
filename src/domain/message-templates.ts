import type { Agent } from './agents.ts';
import { DomainError, invalid } from './errors.ts';
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
import type { SectionSpec } from './section-spec.ts';
import { customFieldsOf, type MissingSlotPolicy, parseBody, problemText } from './slots.ts';

/** A canned message with `{slot}` placeholders (reference, "Message templates"). */
export interface AgentMessageTemplate {
  /** A slug, unique within the agent. */
  readonly id: string;
  readonly name: string;
  /** For people. */
  readonly description?: string;
  /** Text with slots, e.g. `Hi {person.firstName | "there"}` (slots.ts). */
  readonly body: string;
  /** For slots without a policy of their own. `omit-sentence` if unset. */
  readonly defaultOnMissingSlot?: MissingSlotPolicy;
}

/** The parts of a message template that a message is rendered from. */
export type MessageDraft = Pick<AgentMessageTemplate, 'body'> &
  Patch<Pick<AgentMessageTemplate, 'defaultOnMissingSlot'>>;

type Required = Pick<AgentMessageTemplate, 'name' | 'body'>;
export type MessageTemplateFields = Required & Patch<Omit<AgentMessageTemplate, keyof Required>>;
export type UpdateMessageTemplateInput = Patch<Omit<AgentMessageTemplate, 'id'>>;

const KIND: ItemKind = {
  noun: 'message template',
  notFound: 'message_template.not_found',
  idTaken: 'message_template.id_taken',
};

/** @throws DomainError `message_template.not_found` */
export function messageTemplateOf(agent: Agent, id: string): AgentMessageTemplate {
  return itemOf(KIND, agent.messageTemplates ?? [], id);
}

/** @throws DomainError `request.invalid`, `message_template.id_taken` */
export function createMessageTemplate(
  agent: Agent,
  input: MessageTemplateFields,
): ItemChange<AgentMessageTemplate> {
  assertBody(input.body);
  const items = agent.messageTemplates ?? [];
  const item = setFields<AgentMessageTemplate>({ ...input, id: newItemId(KIND, items, input) });
  return { agent: { ...agent, messageTemplates: [...items, item] }, item };
}

/** @throws DomainError `message_template.not_found`, `request.invalid` */
export function replaceMessageTemplate(
  agent: Agent,
  id: string,
  input: MessageTemplateFields,
): ItemChange<AgentMessageTemplate> {
  const problems = fixedProblems(messageTemplateOf(agent, id), input, ['id']);
  if (problems.length > 0) throw invalid(problems);
  return put(agent, setFields<AgentMessageTemplate>({ ...input, id }));
}

/**
 * A merge patch.
 *
 * @throws DomainError `message_template.not_found`, `request.invalid`
 */
export function updateMessageTemplate(
  agent: Agent,
  id: string,
  input: UpdateMessageTemplateInput,
): ItemChange<AgentMessageTemplate> {
  const current = messageTemplateOf(agent, id);
  assertNotCleared(input, ['name', 'body']);
  return put(agent, mergePatch<AgentMessageTemplate>(current, input));
}

/** @throws DomainError `message_template.not_found`, `message_template.in_use` */
export function deleteMessageTemplate(agent: Agent, id: string): Agent {
  const removed = messageTemplateOf(agent, id);
  const users = usersOf(agent, id);
  if (users.length > 0) {
    throw new DomainError(
      'message_template.in_use',
      `the message template '${id}' is used by ${users.join(', ')}`,
    );
  }
  const messageTemplates = agent.messageTemplates?.filter((one) => one !== removed) ?? [];
  return { ...agent, messageTemplates };
}

/** A list as stored: ids are filled in. */
export function messageTemplateList(
  inputs: readonly MessageTemplateFields[],
): AgentMessageTemplate[] {
  const ids = idsOf(KIND, inputs);
  return inputs.map((input, i) => setFields<AgentMessageTemplate>({ ...input, id: ids[i] }));
}

/** The keys of the custom fields that the message reads from a person. */
export function customFieldsOfMessage({ body }: Pick<AgentMessageTemplate, 'body'>): string[] {
  return customFieldsOf(parseBody(body).body);
}

/** Every problem of a body's slots. */
export function bodyProblems(body: string, path: string) {
  return parseBody(body).problems.map((one) => ({ path, message: problemText(body, one) }));
}

/** @throws DomainError `request.invalid` if a slot cannot be parsed */
export function assertBody(body: string): void {
  const problems = bodyProblems(body, 'body');
  if (problems.length > 0) throw invalid(problems);
}

function put(agent: Agent, item: AgentMessageTemplate): ItemChange<AgentMessageTemplate> {
  assertBody(item.body);
  const messageTemplates = withItem(agent.messageTemplates ?? [], item);
  return { agent: { ...agent, messageTemplates }, item };
}

function usersOf(agent: Agent, id: string): string[] {
  const playbooks = (agent.playbooks ?? []).filter(({ messageTemplateRefs }) =>
    messageTemplateRefs?.includes(id),
  );
  return [
    ...(agent.outreach?.greetingTemplateId === id ? ['the outreach greeting'] : []),
    ...playbooks.map((playbook) => `the playbook '${playbook.id}'`),
  ];
}

export const MESSAGE_TEMPLATES_SECTION = {
  description: 'The canned messages.',
  isReadByReadiness: true,
  shape: listShape<AgentMessageTemplate>('id', {
    id: true,
    name: true,
    description: true,
    body: true,
    defaultOnMissingSlot: true,
  }),
  secretMarks: null,
  read: ({ messageTemplates = [] }) => messageTemplates,
  apply: (agent, messageTemplates) => ({ ...agent, messageTemplates }),
  complete: (input) => messageTemplateList(input ?? []),
  validate: (given) => [
    ...idProblems(given, 'messageTemplates'),
    ...given.flatMap(({ body }, i) => bodyProblems(body, `messageTemplates[${i}].body`)),
  ],
  fromTemplate: ({ messageTemplates }) => messageTemplates,
  dropDangling: null,
} as const satisfies SectionSpec<readonly AgentMessageTemplate[], readonly MessageTemplateFields[]>;

import type { InputFieldBuilder } from '@pothos/core';
import type { Agent } from '../src/domain/agents.ts';
import type { ItemChange } from '../src/domain/items.ts';
import { MAX_REFS } from '../src/domain/playbook-refs.ts';
import {
  type AgentPlaybook,
  createPlaybook,
  deletePlaybook,
  importPlaybook,
  playbookOf,
  playbooksOf,
  replacePlaybook,
  setDefaultPlaybook,
  updatePlaybook,
} from '../src/domain/playbooks.ts';
import { skillsOf } from '../src/domain/skills.ts';
import { addAgentItems, itemPayload } from './agent-items.ts';
import { agentMutation, itemMutation } from './agent-mutations.ts';
import { idArg, inputArg } from './args.ts';
import { builder, type Types } from './builder.ts';
import { ToolRef } from './catalog-manifests.ts';
import { ExampleTurnInput, ExampleTurnRef } from './catalog-templates.ts';
import { DerivedFromInput, DerivedFromType, ImportTemplateInput } from './derived-from.ts';
import { MessageTemplateRef, READ_BY_TEMPLATES } from './message-templates.ts';
import { SkillRef } from './skills.ts';
import { LIST, TEXT } from './texts.ts';

const about = {
  id: 'A slug, unique within the agent.',
  name: 'The name.',
  description: 'A human-readable description.',
  whenToUse: 'When the agent switches to the playbook, for the model.',
  body: 'The instructions of the playbook, for the model.',
  examples: 'Example conversations.',
  skillRefs: "The ids of the agent's skills that the playbook uses.",
  toolRefs: 'The catalog ids of the tools that the playbook may call.',
  messageTemplateRefs: "The ids of the agent's message templates that the playbook may send.",
  isDefault:
    'Whether this is the default playbook. An agent with playbooks has exactly one default.',
  isOutbound:
    'Whether this playbook opens outreach conversations. At most one playbook of an agent does.',
  derivedFrom: 'The catalog template that the playbook was imported from.',
} as const satisfies Record<keyof AgentPlaybook, string>;

/** A playbook and its agent, which holds the skills and messages that it references. */
interface OwnedPlaybook {
  readonly agent: Agent;
  readonly playbook: AgentPlaybook;
}

/** The referenced items that exist, in the order of the references. */
function named<T extends { readonly id: string }>(
  ids: readonly string[] = [],
  items: readonly T[] = [],
): T[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

export const PlaybookRef = builder.objectRef<OwnedPlaybook>('AgentPlaybook').implement({
  description: 'A mode of operation: the plan that the agent follows in one kind of situation.',
  fields: (t) => ({
    id: t.id({ description: about.id, resolve: ({ playbook }) => playbook.id }),
    name: t.string({ description: about.name, resolve: ({ playbook }) => playbook.name }),
    description: t.string({
      nullable: true,
      description: about.description,
      resolve: ({ playbook }) => playbook.description,
    }),
    whenToUse: t.string({
      nullable: true,
      description: about.whenToUse,
      resolve: ({ playbook }) => playbook.whenToUse,
    }),
    body: t.string({ description: about.body, resolve: ({ playbook }) => playbook.body }),
    examples: t.field({
      type: t.listRef(t.listRef(ExampleTurnRef)),
      nullable: true,
      description: about.examples,
      resolve: ({ playbook }) => playbook.examples,
    }),
    skillRefs: t.idList({
      nullable: true,
      description: about.skillRefs,
      resolve: ({ playbook }) => playbook.skillRefs,
    }),
    skills: t.field({
      type: [SkillRef],
      listLength: MAX_REFS,
      description: 'The skills that the playbook uses.',
      resolve: ({ agent, playbook: { skillRefs } }, _, { services }) =>
        named(skillRefs, skillsOf(agent, services.catalog)),
    }),
    toolRefs: t.idList({
      nullable: true,
      description: about.toolRefs,
      resolve: ({ playbook }) => playbook.toolRefs,
    }),
    tools: t.field({
      type: [ToolRef],
      listLength: MAX_REFS,
      description: 'The tools that the playbook may call and that exist in the catalog.',
      resolve: ({ playbook: { toolRefs = [] } }, _, { services }) =>
        toolRefs.flatMap((id) => services.catalog.tools.get(id) ?? []),
    }),
    messageTemplateRefs: t.idList({
      nullable: true,
      description: about.messageTemplateRefs,
      resolve: ({ playbook }) => playbook.messageTemplateRefs,
    }),
    messageTemplates: t.field({
      type: [MessageTemplateRef],
      listLength: MAX_REFS,
      description: 'The message templates that the playbook may send.',
      resolve: ({ agent, playbook: { messageTemplateRefs } }) =>
        named(messageTemplateRefs, agent.messageTemplates).map((template) => ({ agent, template })),
    }),
    isDefault: t.boolean({
      description: about.isDefault,
      resolve: ({ playbook }) => playbook.isDefault,
    }),
    isOutbound: t.boolean({
      nullable: true,
      description: about.isOutbound,
      resolve: ({ playbook }) => playbook.isOutbound,
    }),
    derivedFrom: t.field({
      type: DerivedFromType,
      nullable: true,
      description: about.derivedFrom,
      resolve: ({ playbook }) => playbook.derivedFrom,
    }),
  }),
});

const ID = "The playbook's id.";

addAgentItems({
  list: 'playbooks',
  item: 'playbook',
  type: PlaybookRef,
  noun: 'playbook',
  description: "The agent's playbooks.",
  id: ID,
  notFound: 'playbook.not_found',
  // The skills and message templates are reached through references.
  reads: ['playbooks', 'skills', ...READ_BY_TEMPLATES],
  all: (agent) => playbooksOf(agent).map((playbook) => ({ agent, playbook })),
  one: (agent, id) => ({ agent, playbook: playbookOf(agent, id) }),
});

/** The optional fields of every input of a playbook. */
function optionalFields(t: InputFieldBuilder<Types, 'InputObject'>) {
  return {
    description: t.field({ ...TEXT.description, description: about.description }),
    whenToUse: t.field({ ...TEXT.paragraph, description: about.whenToUse }),
    examples: t.field({
      type: t.listRef(t.listRef(ExampleTurnInput)),
      ...LIST,
      description: about.examples,
    }),
    skillRefs: t.idList({ maxItems: MAX_REFS, description: about.skillRefs }),
    toolRefs: t.idList({ maxItems: MAX_REFS, description: about.toolRefs }),
    messageTemplateRefs: t.idList({ maxItems: MAX_REFS, description: about.messageTemplateRefs }),
    isOutbound: t.boolean({ description: about.isOutbound }),
  };
}

const CreatePlaybookInput = builder.inputType('CreatePlaybookInput', {
  description: "A new playbook. The agent's first playbook becomes the default.",
  fields: (t) => ({
    id: t.field({ type: 'Slug', description: 'A slug. If omitted, it is derived from the name.' }),
    name: t.field({ ...TEXT.name, required: true, description: about.name }),
    ...optionalFields(t),
    body: t.field({ ...TEXT.prompt, required: true, description: about.body }),
    isDefault: t.boolean({ description: about.isDefault }),
  }),
});

export const PlaybookInput = builder.inputType('PlaybookInput', {
  description:
    'A whole playbook. `id` and `derivedFrom` are accepted only with their current values.',
  fields: (t) => ({
    id: t.field({ type: 'Slug', description: about.id }),
    name: t.field({ ...TEXT.name, required: true, description: about.name }),
    ...optionalFields(t),
    body: t.field({ ...TEXT.prompt, required: true, description: about.body }),
    isDefault: t.boolean({
      clearable: false,
      description: `${about.isDefault} Unchanged if omitted.`,
    }),
    derivedFrom: t.field({ type: DerivedFromInput, description: about.derivedFrom }),
  }),
});

const UpdatePlaybookInput = builder.inputType('UpdatePlaybookInput', {
  description: 'The fields of a playbook to change. `null` clears a field.',
  fields: (t) => ({
    name: t.field({ clearable: false, ...TEXT.name, description: about.name }),
    ...optionalFields(t),
    body: t.field({ clearable: false, ...TEXT.prompt, description: about.body }),
    isDefault: t.boolean({ clearable: false, description: about.isDefault }),
  }),
});

const PlaybookPayload = itemPayload(
  'PlaybookPayload',
  'playbook',
  PlaybookRef,
  'playbook',
  ({ agent, item }: ItemChange<AgentPlaybook>) => ({ agent, playbook: item }),
);

builder.mutationFields((t) => {
  const id = idArg(t.arg, ID);
  return {
    createPlaybook: itemMutation(t, PlaybookPayload, {
      scope: 'agents:write',
      fails: ['playbook.id_taken'],
      description:
        'Adds a playbook to the agent. `isDefault` and `isOutbound` make it the default or the outreach opener in place of the current one.',
      args: { input: inputArg(t.arg, CreatePlaybookInput, 'The playbook.') },
      change: (agent, { input }, catalog) => createPlaybook(agent, input, catalog),
    }),
    replacePlaybook: itemMutation(t, PlaybookPayload, {
      scope: 'agents:write',
      fails: ['playbook.not_found', 'playbook.default_required'],
      description:
        'Replaces a playbook. Its id, its provenance and omitted `isDefault` and `isOutbound` stay.',
      args: { id, input: inputArg(t.arg, PlaybookInput, 'The playbook.') },
      change: (agent, { id, input }, catalog) => replacePlaybook(agent, id, input, catalog),
    }),
    updatePlaybook: itemMutation(t, PlaybookPayload, {
      scope: 'agents:write',
      fails: ['playbook.not_found', 'playbook.default_required'],
      description: 'Changes the given fields of a playbook. `null` clears a field.',
      args: { id, input: inputArg(t.arg, UpdatePlaybookInput, 'The fields to change.') },
      change: (agent, { id, input }, catalog) => updatePlaybook(agent, id, input, catalog),
    }),
    deletePlaybook: agentMutation(t, {
      scope: 'agents:write',
      fails: ['playbook.not_found'],
      description:
        'Removes a playbook. If it was the default, the first remaining playbook becomes the default.',
      args: { id },
      change: (agent, { id }) => deletePlaybook(agent, id),
    }),
    setDefaultPlaybook: agentMutation(t, {
      scope: 'agents:write',
      fails: ['playbook.not_found'],
      description: 'Makes this playbook the default in place of the current one.',
      args: { id },
      change: (agent, { id }) => setDefaultPlaybook(agent, id),
    }),
    importPlaybookTemplate: itemMutation(t, PlaybookPayload, {
      scope: 'templates:apply',
      fails: ['catalog.not_found'],
      description:
        "Imports a playbook template. It references the agent's skills that were imported from the skill templates of the playbook template. An earlier import of the same template is replaced; its id, its message templates, `isDefault` and `isOutbound` stay.",
      args: { input: inputArg(t.arg, ImportTemplateInput, 'The template.') },
      change: (agent, { input }, { playbookTemplates }) =>
        importPlaybook(agent, playbookTemplates.require(input.templateId)),
    }),
  };
});

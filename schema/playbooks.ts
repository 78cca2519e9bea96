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
import { agentArgs } from './args.ts';
import { builder, type Types } from './builder.ts';
import { ToolRef } from './catalog-manifests.ts';
import { ExampleTurnInput, ExampleTurnRef } from './catalog-templates.ts';
import { DerivedFromInput, DerivedFromType, ImportTemplateInput } from './derived-from.ts';
import { MessageTemplateRef, READ_BY_TEMPLATES } from './message-templates.ts';
import { AgentRef } from './refs.ts';
import { inherited, mayInOrg } from './rights.ts';
import { SkillRef } from './skills.ts';

const about = {
  id: 'A slug, unique within the agent.',
  name: 'Its name.',
  description: 'What it is for, in words for people.',
  whenToUse: 'When the agent is to turn to it, for the model.',
  body: 'What the agent is to do in it, for the model.',
  examples: 'Example conversations.',
  skillRefs: "The ids of the agent's skills that it uses.",
  toolRefs: 'The catalog ids of the tools that it may invoke.',
  messageTemplateRefs: 'The ids of the message templates that it may deploy.',
  isDefault: 'Whether it is the default; exactly one is, when the agent has any.',
  isOutbound: 'Whether it is the outreach opener; one at most is.',
  derivedFrom: 'The catalog template that it was copied from.',
} as const satisfies Record<keyof AgentPlaybook, string>;

/** A playbook and the agent whose skills and messages it refers to. */
interface OwnedPlaybook {
  readonly agent: Agent;
  readonly playbook: AgentPlaybook;
}

/** The items that are referred to, in the order of the references. */
function named<T extends { readonly id: string }>(
  ids: readonly string[] = [],
  items: readonly T[] = [],
): T[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

export const PlaybookRef = builder.objectRef<OwnedPlaybook>('AgentPlaybook').implement({
  description: 'A named mode of operation: the plan that the agent follows in a kind of moment.',
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
      description: 'The skills that it uses.',
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
      description: 'The tools that it may invoke, as far as the catalog has them.',
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
      description: 'The message templates that it may deploy.',
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

/** What a playbook reads of its agent, through its references. */
const READ_BY_PLAYBOOKS = ['playbooks', 'skills', ...READ_BY_TEMPLATES] as const;

builder.objectFields(AgentRef, (t) => ({
  playbooks: t.field({
    type: [PlaybookRef],
    description: 'Its modes of operation.',
    reads: READ_BY_PLAYBOOKS,
    resolve: (agent) => playbooksOf(agent).map((playbook) => ({ agent, playbook })),
  }),
  playbook: t.field({
    type: PlaybookRef,
    nullable: true,
    description:
      'One of its modes of operation. Null, with an error `playbook.not_found`, when there is none of that id.',
    reads: READ_BY_PLAYBOOKS,
    args: { id: t.arg.id({ required: true, description: "The playbook's id." }) },
    resolve: (agent, { id }) => ({ agent, playbook: playbookOf(agent, id) }),
  }),
}));

/** The fields that no playbook must have, in an input. */
function optionalFields(t: InputFieldBuilder<Types, 'InputObject'>) {
  return {
    description: t.string({ description: about.description }),
    whenToUse: t.string({ description: about.whenToUse }),
    examples: t.field({
      type: t.listRef(t.listRef(ExampleTurnInput)),
      description: about.examples,
    }),
    skillRefs: t.idList({ description: about.skillRefs }),
    toolRefs: t.idList({ description: about.toolRefs }),
    messageTemplateRefs: t.idList({ description: about.messageTemplateRefs }),
    isOutbound: t.boolean({ description: about.isOutbound }),
  };
}

const CreatePlaybookInput = builder.inputType('CreatePlaybookInput', {
  description: 'A new playbook. The first one becomes the default.',
  fields: (t) => ({
    id: t.id({ description: 'A slug; minted from the name when left out.' }),
    name: t.field({ type: 'NonBlank', required: true, description: about.name }),
    ...optionalFields(t),
    body: t.field({ type: 'NonBlank', required: true, description: about.body }),
    isDefault: t.boolean({ description: about.isDefault }),
  }),
});

export const PlaybookInput = builder.inputType('PlaybookInput', {
  description: 'A playbook as a whole. `id` and `derivedFrom` may be given as they were read.',
  fields: (t) => ({
    id: t.id({ description: about.id }),
    name: t.field({ type: 'NonBlank', required: true, description: about.name }),
    ...optionalFields(t),
    body: t.field({ type: 'NonBlank', required: true, description: about.body }),
    isDefault: t.boolean({ description: 'As it is, when left out.' }),
    derivedFrom: t.field({ type: DerivedFromInput, description: about.derivedFrom }),
  }),
});

const UpdatePlaybookInput = builder.inputType('UpdatePlaybookInput', {
  description: 'The fields of a playbook to change; `null` clears one.',
  fields: (t) => ({
    name: t.field({ type: 'NonBlank', description: about.name }),
    ...optionalFields(t),
    body: t.field({ type: 'NonBlank', description: about.body }),
    isDefault: t.boolean({ description: about.isDefault }),
  }),
});

const PlaybookPayload = builder.objectRef<ItemChange<AgentPlaybook>>('PlaybookPayload').implement({
  description: 'What a change of a playbook came to.',
  fields: (t) => ({
    playbook: t.field({
      type: PlaybookRef,
      description: 'The playbook.',
      resolve: ({ agent, item }) => ({ agent, playbook: item }),
    }),
    agent: t.expose('agent', { type: AgentRef, ...inherited, description: 'Its agent.' }),
  }),
});

builder.mutationFields((t) => {
  const right = mayInOrg('editor', 'agents:write');
  const args = agentArgs(t.arg);
  const id = t.arg.id({ required: true, description: "The playbook's id." });
  return {
    createPlaybook: t.field({
      type: PlaybookPayload,
      ...right,
      description:
        'Adds a playbook. `isDefault` or `isOutbound` moves that part here from the playbook that had it.',
      args: {
        ...args,
        input: t.arg({ type: CreatePlaybookInput, required: true, description: 'The playbook.' }),
      },
      resolve: (_, { org, agent, expectedVersion, input }, { services, work }) =>
        services.agents.changeItem(work, { org, id: agent }, expectedVersion, (it) =>
          createPlaybook(it, input, services.catalog),
        ),
    }),
    replacePlaybook: t.field({
      type: PlaybookPayload,
      ...right,
      description: 'Replaces a playbook as a whole; its id and its provenance stay.',
      args: {
        ...args,
        id,
        input: t.arg({ type: PlaybookInput, required: true, description: 'The playbook.' }),
      },
      resolve: (_, { org, agent, expectedVersion, id, input }, { services, work }) =>
        services.agents.changeItem(work, { org, id: agent }, expectedVersion, (it) =>
          replacePlaybook(it, id, input, services.catalog),
        ),
    }),
    updatePlaybook: t.field({
      type: PlaybookPayload,
      ...right,
      description: 'Changes the given fields of a playbook; `null` clears one.',
      args: {
        ...args,
        id,
        input: t.arg({ type: UpdatePlaybookInput, required: true, description: 'What to change.' }),
      },
      resolve: (_, { org, agent, expectedVersion, id, input }, { services, work }) =>
        services.agents.changeItem(work, { org, id: agent }, expectedVersion, (it) =>
          updatePlaybook(it, id, input, services.catalog),
        ),
    }),
    deletePlaybook: t.field({
      type: AgentRef,
      ...right,
      description: 'Removes a playbook; the first that remains takes over from a default.',
      args: { ...args, id },
      resolve: (_, { org, agent, expectedVersion, id }, { services, work }) =>
        services.agents.change(work, { org, id: agent }, expectedVersion, (it) =>
          deletePlaybook(it, id),
        ),
    }),
    setDefaultPlaybook: t.field({
      type: AgentRef,
      ...right,
      description: 'Makes a playbook the default, and the one that was it no longer.',
      args: { ...args, id },
      resolve: (_, { org, agent, expectedVersion, id }, { services, work }) =>
        services.agents.change(work, { org, id: agent }, expectedVersion, (it) =>
          setDefaultPlaybook(it, id),
        ),
    }),
    importPlaybookTemplate: t.field({
      type: PlaybookPayload,
      ...mayInOrg('editor', 'templates:apply'),
      description:
        'Copies a playbook template onto the agent, with references to those of its skills that come from the skill templates it draws on. A copy that was imported before is replaced; its id, its messages, and whether it is the default or the opener stay.',
      args: {
        ...args,
        input: t.arg({ type: ImportTemplateInput, required: true, description: 'The template.' }),
      },
      resolve: (_, { org, agent, expectedVersion, input }, { services, work }) => {
        const template = services.catalog.playbookTemplates.require(input.templateId);
        return services.agents.changeItem(work, { org, id: agent }, expectedVersion, (it) =>
          importPlaybook(it, template),
        );
      },
    }),
  };
});

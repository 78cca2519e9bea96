import type { ItemChange } from '../src/domain/items.ts';
import {
  createSkill,
  deleteSkill,
  type ImportedSkill,
  importSkill,
  type ListedSkill,
  replaceSkill,
  SKILL_SOURCES,
  setSkillEnabled,
  skillOf,
  skillsOf,
  updateSkill,
} from '../src/domain/skills.ts';
import { agentArgs } from './args.ts';
import { builder } from './builder.ts';
import { ToolRef } from './catalog-manifests.ts';
import { DerivedFromInput, DerivedFromType, ImportTemplateInput } from './derived-from.ts';
import { enumOf } from './enums.ts';
import { AgentRef } from './refs.ts';
import { inherited, mayInOrg } from './rights.ts';

const SkillSourceType = enumOf('SkillSource', 'Whose a skill is.', SKILL_SOURCES, {
  author: "The agent's own.",
  system: 'Every agent has it and nobody can change it.',
});

const about = {
  id: "A slug, unique among the agent's own and the system's skills.",
  name: 'Its name.',
  description: 'What it is for, in words for people.',
  body: 'The prompt fragment that the agent uses.',
  enabled: 'Whether the agent uses it.',
  requiredTools:
    'The tools that it needs at run time: catalog ids. Without one of them it is withheld.',
  derivedFrom: 'The catalog template that it was copied from.',
  source: 'Whose it is: a system skill refuses every write with `skill.system_immutable`.',
} as const satisfies Record<keyof ListedSkill, string>;

export const SkillRef = builder.objectRef<ListedSkill>('AgentSkill').implement({
  description: 'A named instruction fragment that the agent uses to pursue its objectives.',
  fields: (t) => ({
    id: t.exposeID('id', { description: about.id }),
    name: t.exposeString('name', { description: about.name }),
    description: t.exposeString('description', { nullable: true, description: about.description }),
    body: t.exposeString('body', { description: about.body }),
    enabled: t.exposeBoolean('enabled', { description: about.enabled }),
    requiredTools: t.exposeStringList('requiredTools', {
      nullable: true,
      description: about.requiredTools,
    }),
    tools: t.field({
      type: [ToolRef],
      description: 'The tools that it needs, as far as the catalog has them.',
      resolve: ({ requiredTools = [] }, _, { services }) =>
        requiredTools.flatMap((id) => services.catalog.tools.get(id) ?? []),
    }),
    derivedFrom: t.expose('derivedFrom', {
      type: DerivedFromType,
      nullable: true,
      description: about.derivedFrom,
    }),
    source: t.expose('source', { type: SkillSourceType, description: about.source }),
  }),
});

builder.objectFields(AgentRef, (t) => ({
  skills: t.field({
    type: [SkillRef],
    reads: ['skills'],
    description: "Its own skills, then the system's.",
    resolve: (agent, _, { services }) => skillsOf(agent, services.catalog),
  }),
  skill: t.field({
    type: SkillRef,
    nullable: true,
    description:
      "One of its own or the system's skills. Null, with an error `skill.not_found`, when there is none of that id.",
    reads: ['skills'],
    args: { id: t.arg.id({ required: true, description: "The skill's id." }) },
    resolve: (agent, { id }, { services }) => skillOf(agent, id, services.catalog),
  }),
}));

const CreateSkillInput = builder.inputType('CreateSkillInput', {
  description: 'A new skill.',
  fields: (t) => ({
    id: t.id({ description: 'A slug; minted from the name when left out.' }),
    name: t.field({ type: 'NonBlank', required: true, description: about.name }),
    description: t.string({ description: about.description }),
    body: t.field({ type: 'NonBlank', required: true, description: about.body }),
    enabled: t.boolean({ description: 'Whether the agent uses it; true when left out.' }),
    requiredTools: t.field({ type: ['NonBlank'], description: about.requiredTools }),
  }),
});

export const SkillInput = builder.inputType('SkillInput', {
  description:
    'A skill as a whole. `id`, `derivedFrom` and `source` may be given as they were read.',
  fields: (t) => ({
    id: t.id({ description: about.id }),
    name: t.field({ type: 'NonBlank', required: true, description: about.name }),
    description: t.string({ description: about.description }),
    body: t.field({ type: 'NonBlank', required: true, description: about.body }),
    enabled: t.boolean({ description: 'Whether the agent uses it; true when left out.' }),
    requiredTools: t.field({ type: ['NonBlank'], description: about.requiredTools }),
    derivedFrom: t.field({ type: DerivedFromInput, description: about.derivedFrom }),
    source: t.field({ type: SkillSourceType, description: about.source }),
  }),
});

const UpdateSkillInput = builder.inputType('UpdateSkillInput', {
  description: 'The fields of a skill to change; `null` clears one.',
  fields: (t) => ({
    name: t.field({ type: 'NonBlank', description: about.name }),
    description: t.string({ description: about.description }),
    body: t.field({ type: 'NonBlank', description: about.body }),
    enabled: t.boolean({ description: about.enabled }),
    requiredTools: t.field({ type: ['NonBlank'], description: about.requiredTools }),
  }),
});

const SkillPayload = builder.objectRef<ItemChange<ListedSkill>>('SkillPayload').implement({
  description: 'What a change of a skill came to.',
  fields: (t) => ({
    skill: t.expose('item', { type: SkillRef, description: 'The skill.' }),
    agent: t.expose('agent', { type: AgentRef, ...inherited, description: 'Its agent.' }),
  }),
});

const ImportSkillPayload = builder
  .objectRef<ItemChange<ImportedSkill>>('ImportSkillPayload')
  .implement({
    description: 'What the import of a skill came to.',
    fields: (t) => ({
      skill: t.field({
        type: SkillRef,
        description: 'The skill.',
        resolve: ({ item }) => item.skill,
      }),
      addedToolBindings: t.idList({
        description: 'The tools that were bound, without a configuration, because it needs them.',
        resolve: ({ item }) => item.addedToolBindings,
      }),
      agent: t.expose('agent', { type: AgentRef, ...inherited, description: 'Its agent.' }),
    }),
  });

builder.mutationFields((t) => {
  const right = mayInOrg('editor', 'agents:write');
  const args = agentArgs(t.arg);
  const id = t.arg.id({ required: true, description: "The skill's id." });
  return {
    createSkill: t.field({
      type: SkillPayload,
      ...right,
      description: 'Adds a skill.',
      args: {
        ...args,
        input: t.arg({ type: CreateSkillInput, required: true, description: 'The skill.' }),
      },
      resolve: (_, { org, agent, expectedVersion, input }, { services, work }) =>
        services.agents.changeItem(work, { org, id: agent }, expectedVersion, (it) =>
          createSkill(it, input, services.catalog),
        ),
    }),
    replaceSkill: t.field({
      type: SkillPayload,
      ...right,
      description: 'Replaces a skill as a whole; its id and its provenance stay.',
      args: {
        ...args,
        id,
        input: t.arg({ type: SkillInput, required: true, description: 'The skill.' }),
      },
      resolve: (_, { org, agent, expectedVersion, id, input }, { services, work }) =>
        services.agents.changeItem(work, { org, id: agent }, expectedVersion, (it) =>
          replaceSkill(it, id, input, services.catalog),
        ),
    }),
    updateSkill: t.field({
      type: SkillPayload,
      ...right,
      description: 'Changes the given fields of a skill; `null` clears one.',
      args: {
        ...args,
        id,
        input: t.arg({ type: UpdateSkillInput, required: true, description: 'What to change.' }),
      },
      resolve: (_, { org, agent, expectedVersion, id, input }, { services, work }) =>
        services.agents.changeItem(work, { org, id: agent }, expectedVersion, (it) =>
          updateSkill(it, id, input, services.catalog),
        ),
    }),
    enableSkill: t.field({
      type: SkillPayload,
      ...right,
      description: 'Lets the agent use a skill.',
      args: { ...args, id },
      resolve: (_, { org, agent, expectedVersion, id }, { services, work }) =>
        services.agents.changeItem(work, { org, id: agent }, expectedVersion, (it) =>
          setSkillEnabled(it, id, true, services.catalog),
        ),
    }),
    disableSkill: t.field({
      type: SkillPayload,
      ...right,
      description: 'Keeps the agent from using a skill, and keeps the skill.',
      args: { ...args, id },
      resolve: (_, { org, agent, expectedVersion, id }, { services, work }) =>
        services.agents.changeItem(work, { org, id: agent }, expectedVersion, (it) =>
          setSkillEnabled(it, id, false, services.catalog),
        ),
    }),
    deleteSkill: t.field({
      type: AgentRef,
      ...right,
      description: "Removes a skill, and every playbook's reference to it.",
      args: { ...args, id },
      resolve: (_, { org, agent, expectedVersion, id }, { services, work }) =>
        services.agents.change(work, { org, id: agent }, expectedVersion, (it) =>
          deleteSkill(it, id, services.catalog),
        ),
    }),
    importSkillTemplate: t.field({
      type: ImportSkillPayload,
      ...mayInOrg('editor', 'templates:apply'),
      description:
        'Copies a skill template onto the agent and binds the tools that it needs. A copy that was imported before is replaced; its id and `enabled` stay.',
      args: {
        ...args,
        input: t.arg({ type: ImportTemplateInput, required: true, description: 'The template.' }),
      },
      resolve: (_, { org, agent, expectedVersion, input }, { services, work }) => {
        const template = services.catalog.skillTemplates.require(input.templateId);
        return services.agents.changeItem(work, { org, id: agent }, expectedVersion, (it) =>
          importSkill(it, template, services.catalog),
        );
      },
    }),
  };
});

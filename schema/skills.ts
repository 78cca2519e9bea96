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
import { addAgentItems, itemPayload } from './agent-items.ts';
import { agentMutation, itemMutation } from './agent-mutations.ts';
import { idArg, inputArg } from './args.ts';
import { builder } from './builder.ts';
import { ToolRef } from './catalog-manifests.ts';
import { DerivedFromInput, DerivedFromType, ImportTemplateInput } from './derived-from.ts';
import { enumOf } from './enums.ts';
import { AgentRef } from './refs.ts';
import { inherited } from './rights.ts';
import { NAMES, TEXT } from './texts.ts';

const SkillSourceType = enumOf('SkillSource', 'The owner of a skill.', SKILL_SOURCES, {
  author: 'The agent: its authors write the skill or import it.',
  system: 'The catalog: every agent has the skill and nobody can change it.',
});

const about = {
  id: "A slug, unique among the agent's own skills and the system skills.",
  name: 'The name.',
  description: 'A human-readable description.',
  body: 'The prompt fragment for the model.',
  enabled: 'Whether the agent uses the skill.',
  requiredTools:
    'The catalog ids of the tools that the skill needs at run time. Without one of them, the runtime withholds the skill.',
  config:
    'The settings of the runtime for the skill. Only an import writes them, from the template or from an exported definition.',
  derivedFrom: 'The catalog template that the skill was imported from.',
  source:
    'The owner of the skill. A system skill rejects every write with `skill.system_immutable`.',
} as const satisfies Record<keyof ListedSkill, string>;

const ENABLED_BY_DEFAULT = `${about.enabled} True if omitted.`;

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
      description: 'The required tools that exist in the catalog.',
      resolve: ({ requiredTools = [] }, _, { services }) =>
        requiredTools.flatMap((id) => services.catalog.tools.get(id) ?? []),
    }),
    config: t.expose('config', {
      type: 'JSONObject',
      nullable: true,
      description: about.config,
    }),
    derivedFrom: t.expose('derivedFrom', {
      type: DerivedFromType,
      nullable: true,
      description: about.derivedFrom,
    }),
    source: t.expose('source', { type: SkillSourceType, description: about.source }),
  }),
});

const ID = "The skill's id.";

addAgentItems({
  list: 'skills',
  item: 'skill',
  type: SkillRef,
  noun: 'skill',
  description: "The agent's own skills, then the system skills.",
  id: ID,
  notFound: 'skill.not_found',
  reads: ['skills'],
  all: skillsOf,
  one: skillOf,
});

const CreateSkillInput = builder.inputType('CreateSkillInput', {
  description: 'A new skill.',
  fields: (t) => ({
    id: t.field({ type: 'Slug', description: 'A slug. If omitted, it is derived from the name.' }),
    name: t.field({ ...TEXT.name, required: true, description: about.name }),
    description: t.field({ ...TEXT.description, description: about.description }),
    body: t.field({ ...TEXT.prompt, required: true, description: about.body }),
    enabled: t.boolean({ description: ENABLED_BY_DEFAULT }),
    requiredTools: t.field({ ...NAMES, description: about.requiredTools }),
  }),
});

export const SkillInput = builder.inputType('SkillInput', {
  description:
    'A whole skill. `id`, `config`, `derivedFrom` and `source` are accepted only with their current values; an import of a definition accepts any `config` and `derivedFrom`.',
  fields: (t) => ({
    id: t.field({ type: 'Slug', description: about.id }),
    name: t.field({ ...TEXT.name, required: true, description: about.name }),
    description: t.field({ ...TEXT.description, description: about.description }),
    body: t.field({ ...TEXT.prompt, required: true, description: about.body }),
    enabled: t.boolean({
      description: `${about.enabled} If omitted: unchanged, or true for a new skill.`,
    }),
    requiredTools: t.field({ ...NAMES, description: about.requiredTools }),
    config: t.field({ type: 'JSONObject', description: about.config }),
    derivedFrom: t.field({ type: DerivedFromInput, description: about.derivedFrom }),
    source: t.field({ type: SkillSourceType, description: about.source }),
  }),
});

const UpdateSkillInput = builder.inputType('UpdateSkillInput', {
  description: 'The fields of a skill to change. `null` clears a field.',
  fields: (t) => ({
    name: t.field({ clearable: false, ...TEXT.name, description: about.name }),
    description: t.field({ ...TEXT.description, description: about.description }),
    body: t.field({ clearable: false, ...TEXT.prompt, description: about.body }),
    enabled: t.boolean({ clearable: false, description: about.enabled }),
    requiredTools: t.field({ ...NAMES, description: about.requiredTools }),
  }),
});

const SkillPayload = itemPayload(
  'SkillPayload',
  'skill',
  SkillRef,
  'skill',
  ({ item }: ItemChange<ListedSkill>) => item,
);

const ImportSkillPayload = builder
  .objectRef<ItemChange<ImportedSkill>>('ImportSkillPayload')
  .implement({
    description: 'An imported skill and its agent.',
    fields: (t) => ({
      skill: t.field({
        type: SkillRef,
        description: 'The skill.',
        resolve: ({ item }) => item.skill,
      }),
      addedToolBindings: t.idList({
        description:
          'The tools that the import bound, without a configuration, because the skill requires them.',
        resolve: ({ item }) => item.addedToolBindings,
      }),
      agent: t.expose('agent', { type: AgentRef, ...inherited, description: 'The agent.' }),
    }),
  });

builder.mutationFields((t) => {
  const id = idArg(t.arg, ID);
  return {
    createSkill: itemMutation(t, SkillPayload, {
      scope: 'agents:write',
      fails: ['skill.id_taken'],
      description: 'Adds a skill to the agent.',
      args: { input: inputArg(t.arg, CreateSkillInput, 'The skill.') },
      change: (agent, { input }, catalog) => createSkill(agent, input, catalog),
    }),
    replaceSkill: itemMutation(t, SkillPayload, {
      scope: 'agents:write',
      fails: ['skill.not_found', 'skill.system_immutable'],
      description: 'Replaces a skill. Its id, its provenance and an omitted `enabled` stay.',
      args: { id, input: inputArg(t.arg, SkillInput, 'The skill.') },
      change: (agent, { id, input }, catalog) => replaceSkill(agent, id, input, catalog),
    }),
    updateSkill: itemMutation(t, SkillPayload, {
      scope: 'agents:write',
      fails: ['skill.not_found', 'skill.system_immutable'],
      description: 'Changes the given fields of a skill. `null` clears a field.',
      args: { id, input: inputArg(t.arg, UpdateSkillInput, 'The fields to change.') },
      change: (agent, { id, input }, catalog) => updateSkill(agent, id, input, catalog),
    }),
    enableSkill: itemMutation(t, SkillPayload, {
      scope: 'agents:write',
      fails: ['skill.not_found', 'skill.system_immutable'],
      description: 'Enables a skill: the agent uses it.',
      args: { id },
      change: (agent, { id }, catalog) => setSkillEnabled(agent, id, true, catalog),
    }),
    disableSkill: itemMutation(t, SkillPayload, {
      scope: 'agents:write',
      fails: ['skill.not_found', 'skill.system_immutable'],
      description: 'Disables a skill: the agent keeps it and does not use it.',
      args: { id },
      change: (agent, { id }, catalog) => setSkillEnabled(agent, id, false, catalog),
    }),
    deleteSkill: agentMutation(t, {
      scope: 'agents:write',
      fails: ['skill.not_found', 'skill.system_immutable'],
      description: 'Removes a skill and the references of playbooks to it.',
      args: { id },
      change: (agent, { id }, catalog) => deleteSkill(agent, id, catalog),
    }),
    importSkillTemplate: itemMutation(t, ImportSkillPayload, {
      scope: 'templates:apply',
      fails: ['catalog.not_found'],
      description:
        'Imports a skill template and binds the tools that it requires. An earlier import of the same template is replaced; its id and `enabled` stay.',
      args: { input: inputArg(t.arg, ImportTemplateInput, 'The template.') },
      change: (agent, { input }, catalog) =>
        importSkill(agent, catalog.skillTemplates.require(input.templateId), catalog),
    }),
  };
});

import type { ObjectFieldBuilder } from '@pothos/core';
import type { AgentMessageTemplate } from '../src/domain/message-templates.ts';
import type {
  AgentTemplate,
  ExampleTurn,
  GuardrailTemplate,
  ObjectiveTemplate,
  PersonalityTemplate,
  PlaybookTemplate,
  SkillTemplate,
  SystemSkill,
  Template,
} from '../src/domain/templates.ts';
import { builder, type Types } from './builder.ts';
import { ToolRef } from './catalog-manifests.ts';
import { enumOf } from './enums.ts';
import { MissingSlotPolicyType } from './message-templates.ts';
import { TEXT } from './texts.ts';

export const AgentTemplateRef = builder.objectRef<AgentTemplate>('AgentTemplate');
export const PlaybookTemplateRef = builder.objectRef<PlaybookTemplate>('PlaybookTemplate');
export const SkillTemplateRef = builder.objectRef<SkillTemplate>('SkillTemplate');
export const ObjectiveTemplateRef = builder.objectRef<ObjectiveTemplate>('ObjectiveTemplate');
export const PersonalityTemplateRef = builder.objectRef<PersonalityTemplate>('PersonalityTemplate');
export const GuardrailTemplateRef = builder.objectRef<GuardrailTemplate>('GuardrailTemplate');
export const SystemSkillRef = builder.objectRef<SystemSkill>('SystemSkill');

const about = {
  id: 'The qualified catalog id.',
  version: 'The version. An imported copy keeps it as its provenance.',
  name: 'The name.',
  description: 'A human-readable description.',
  body: 'The prompt fragment for the model.',
};

/** The fields of every template. */
function templateFields<T extends Template>(t: ObjectFieldBuilder<Types, T>) {
  return {
    id: t.id({ description: about.id, resolve: (it) => it.id }),
    version: t.string({ description: about.version, resolve: (it) => it.version }),
    name: t.string({ description: about.name, resolve: (it) => it.name }),
    description: t.string({ description: about.description, resolve: (it) => it.description }),
  };
}

PersonalityTemplateRef.implement({
  description: "A voice and tone to import as an agent's personality.",
  fields: (t) => ({
    ...templateFields(t),
    promptFragment: t.exposeString('promptFragment', { description: about.body }),
  }),
});

ObjectiveTemplateRef.implement({
  description: 'An objective to import into an agent.',
  fields: (t) => ({
    ...templateFields(t),
    body: t.exposeString('body', { description: about.body }),
  }),
});

GuardrailTemplateRef.implement({
  description: "Constraints to merge into an agent's guardrails.",
  fields: (t) => ({
    ...templateFields(t),
    topicsToAvoid: t.exposeStringList('topicsToAvoid', {
      nullable: true,
      description: 'Topics that the agent does not talk about.',
    }),
    claimsNotToMake: t.exposeStringList('claimsNotToMake', {
      nullable: true,
      description: 'Claims that the agent never makes.',
    }),
    requiredDisclaimers: t.exposeStringList('requiredDisclaimers', {
      nullable: true,
      description: 'Disclaimers that the agent must give.',
    }),
  }),
});

SkillTemplateRef.implement({
  description: 'A skill to import into an agent.',
  fields: (t) => ({
    ...templateFields(t),
    body: t.exposeString('body', { description: about.body }),
    requiredTools: t.exposeIDList('requiredTools', {
      nullable: true,
      description: 'The catalog ids of the tools that the skill requires.',
    }),
    config: t.expose('config', {
      type: 'JSONObject',
      nullable: true,
      description: 'The settings of the runtime for the skill. An import copies them.',
    }),
    tools: t.field({
      type: [ToolRef],
      description: 'The tools that the skill requires.',
      resolve: ({ requiredTools }, _, { services }) => services.catalog.tools.all(requiredTools),
    }),
  }),
});

const ExampleRole = enumOf(
  'ExampleRole',
  'The speaker of a line in an example conversation.',
  ['user', 'agent'],
  { user: 'The user.', agent: 'The agent.' },
);

export const ExampleTurnRef = builder.objectRef<ExampleTurn>('ExampleTurn').implement({
  description: 'A line of an example conversation.',
  fields: (t) => ({
    role: t.expose('role', { type: ExampleRole, description: 'The speaker.' }),
    content: t.exposeString('content', { description: 'The text of the line.' }),
  }),
});

export const ExampleTurnInput = builder.inputType('ExampleTurnInput', {
  description: 'A line of an example conversation.',
  fields: (t) => ({
    role: t.field({ type: ExampleRole, required: true, description: 'The speaker.' }),
    content: t.field({ ...TEXT.prompt, required: true, description: 'The text of the line.' }),
  }),
});

PlaybookTemplateRef.implement({
  description: 'A playbook to import into an agent.',
  fields: (t) => ({
    ...templateFields(t),
    whenToUse: t.exposeString('whenToUse', {
      nullable: true,
      description: 'When the agent switches to the playbook, for the model.',
    }),
    body: t.exposeString('body', { description: about.body }),
    examples: t.field({
      type: t.listRef(t.listRef(ExampleTurnRef)),
      nullable: true,
      description: 'Example conversations.',
      resolve: ({ examples }) => examples,
    }),
    derivedSkillTemplateIds: t.exposeIDList('derivedSkillTemplateIds', {
      nullable: true,
      description: 'The ids of the skill templates that the playbook uses.',
    }),
    skillTemplates: t.field({
      type: [SkillTemplateRef],
      description: 'The skill templates that the playbook uses.',
      resolve: ({ derivedSkillTemplateIds }, _, { services }) =>
        services.catalog.skillTemplates.all(derivedSkillTemplateIds),
    }),
    toolRefs: t.exposeIDList('toolRefs', {
      nullable: true,
      description: 'The catalog ids of the tools that the playbook may call.',
    }),
    tools: t.field({
      type: [ToolRef],
      description: 'The tools that the playbook may call.',
      resolve: ({ toolRefs }, _, { services }) => services.catalog.tools.all(toolRefs),
    }),
    isDefault: t.exposeBoolean('isDefault', {
      nullable: true,
      description: 'Whether the playbook is meant as the default.',
    }),
    isOutbound: t.exposeBoolean('isOutbound', {
      nullable: true,
      description: 'Whether the playbook is meant to open outreach conversations.',
    }),
  }),
});

const TemplateMessage = builder.objectRef<AgentMessageTemplate>('TemplateMessage').implement({
  description: 'A message template that is part of an agent template.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the imported message template on the agent.' }),
    name: t.exposeString('name', { description: about.name }),
    description: t.exposeString('description', { nullable: true, description: about.description }),
    body: t.exposeString('body', { description: 'The text. It may contain slots.' }),
    defaultOnMissingSlot: t.expose('defaultOnMissingSlot', {
      type: MissingSlotPolicyType,
      nullable: true,
      description: 'The policy for slots that name none.',
    }),
  }),
});

AgentTemplateRef.implement({
  description: "An agent's whole behaviour: references to the templates of its parts.",
  fields: (t) => ({
    ...templateFields(t),
    category: t.exposeString('category', {
      nullable: true,
      description: 'The line of business that the template is meant for.',
    }),
    identityPreamble: t.exposeString('identityPreamble', {
      nullable: true,
      description:
        'A proposal for the `identityPreamble` of the identity. Applying the template does not change the identity.',
    }),
    personalityTemplateId: t.exposeID('personalityTemplateId', {
      nullable: true,
      description: 'The id of the personality template that becomes the personality.',
    }),
    personalityTemplate: t.field({
      type: PersonalityTemplateRef,
      nullable: true,
      description: 'The personality template that becomes the personality.',
      resolve: ({ personalityTemplateId: id }, _, { services }) =>
        id === undefined ? null : services.catalog.personalityTemplates.require(id),
    }),
    objectiveTemplateIds: t.exposeIDList('objectiveTemplateIds', {
      nullable: true,
      description:
        'The ids of the objective templates that become the objectives, highest priority first.',
    }),
    objectiveTemplates: t.field({
      type: [ObjectiveTemplateRef],
      description: 'The objective templates that become the objectives, highest priority first.',
      resolve: ({ objectiveTemplateIds }, _, { services }) =>
        services.catalog.objectiveTemplates.all(objectiveTemplateIds),
    }),
    guardrailTemplateIds: t.exposeIDList('guardrailTemplateIds', {
      nullable: true,
      description: 'The ids of the guardrail templates that become the guardrails.',
    }),
    guardrailTemplates: t.field({
      type: [GuardrailTemplateRef],
      description: 'The guardrail templates that become the guardrails.',
      resolve: ({ guardrailTemplateIds }, _, { services }) =>
        services.catalog.guardrailTemplates.all(guardrailTemplateIds),
    }),
    skillTemplateIds: t.exposeIDList('skillTemplateIds', {
      nullable: true,
      description: 'The ids of the skill templates that become the skills.',
    }),
    skillTemplates: t.field({
      type: [SkillTemplateRef],
      description: 'The skill templates that become the skills.',
      resolve: ({ skillTemplateIds }, _, { services }) =>
        services.catalog.skillTemplates.all(skillTemplateIds),
    }),
    playbookTemplateIds: t.exposeIDList('playbookTemplateIds', {
      nullable: true,
      description: 'The ids of the playbook templates that become the playbooks.',
    }),
    playbookTemplates: t.field({
      type: [PlaybookTemplateRef],
      description: 'The playbook templates that become the playbooks.',
      resolve: ({ playbookTemplateIds }, _, { services }) =>
        services.catalog.playbookTemplates.all(playbookTemplateIds),
    }),
    recommendedToolIds: t.exposeIDList('recommendedToolIds', {
      nullable: true,
      description: 'The catalog ids of the tools that the template recommends.',
    }),
    recommendedTools: t.field({
      type: [ToolRef],
      description: 'The tools that the template recommends.',
      resolve: ({ recommendedToolIds }, _, { services }) =>
        services.catalog.tools.all(recommendedToolIds),
    }),
    messageTemplates: t.field({
      type: [TemplateMessage],
      description: 'The message templates that become message templates of the agent.',
      resolve: ({ messageTemplates = [] }) => messageTemplates,
    }),
    outreachGreetingId: t.id({
      nullable: true,
      description: 'The id of the message template that becomes the outreach greeting.',
      resolve: ({ outreach }) => outreach?.greetingTemplateId,
    }),
  }),
});

SystemSkillRef.implement({
  description: 'A skill that every agent has and nobody can change.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id, a slug.' }),
    name: t.exposeString('name', { description: about.name }),
    description: t.exposeString('description', { description: about.description }),
    body: t.exposeString('body', { description: about.body }),
  }),
});

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

export const AgentTemplateRef = builder.objectRef<AgentTemplate>('AgentTemplate');
export const PlaybookTemplateRef = builder.objectRef<PlaybookTemplate>('PlaybookTemplate');
export const SkillTemplateRef = builder.objectRef<SkillTemplate>('SkillTemplate');
export const ObjectiveTemplateRef = builder.objectRef<ObjectiveTemplate>('ObjectiveTemplate');
export const PersonalityTemplateRef = builder.objectRef<PersonalityTemplate>('PersonalityTemplate');
export const GuardrailTemplateRef = builder.objectRef<GuardrailTemplate>('GuardrailTemplate');
export const SystemSkillRef = builder.objectRef<SystemSkill>('SystemSkill');

const about = {
  id: 'The qualified catalog id.',
  version: 'Which version this is. A copy on an agent keeps the one that it was made from.',
  name: 'Its name.',
  description: 'What it is for, in words for people.',
  body: 'The prompt fragment for the agent.',
};

/** What every template has. */
function templateFields<T extends Template>(t: ObjectFieldBuilder<Types, T>) {
  return {
    id: t.id({ description: about.id, resolve: (it) => it.id }),
    version: t.string({ description: about.version, resolve: (it) => it.version }),
    name: t.string({ description: about.name, resolve: (it) => it.name }),
    description: t.string({ description: about.description, resolve: (it) => it.description }),
  };
}

PersonalityTemplateRef.implement({
  description: 'A voice and tone to start from.',
  fields: (t) => ({
    ...templateFields(t),
    promptFragment: t.exposeString('promptFragment', { description: about.body }),
  }),
});

ObjectiveTemplateRef.implement({
  description: 'A goal to start from.',
  fields: (t) => ({
    ...templateFields(t),
    body: t.exposeString('body', { description: about.body }),
  }),
});

GuardrailTemplateRef.implement({
  description: 'Constraints to merge into an agent.',
  fields: (t) => ({
    ...templateFields(t),
    topicsToAvoid: t.exposeStringList('topicsToAvoid', {
      nullable: true,
      description: 'What not to talk about.',
    }),
    claimsNotToMake: t.exposeStringList('claimsNotToMake', {
      nullable: true,
      description: 'What never to claim.',
    }),
    requiredDisclaimers: t.exposeStringList('requiredDisclaimers', {
      nullable: true,
      description: 'What must be said.',
    }),
    additionalRules: t.exposeString('additionalRules', {
      nullable: true,
      description: 'Free-form hard rules.',
    }),
  }),
});

SkillTemplateRef.implement({
  description: 'A skill to copy onto an agent.',
  fields: (t) => ({
    ...templateFields(t),
    body: t.exposeString('body', { description: about.body }),
    requiredTools: t.exposeIDList('requiredTools', {
      nullable: true,
      description: 'The catalog ids of the tools that it needs.',
    }),
    tools: t.field({
      type: [ToolRef],
      description: 'The tools that it needs.',
      resolve: ({ requiredTools }, _, { services }) => services.catalog.tools.all(requiredTools),
    }),
  }),
});

const ExampleRole = enumOf(
  'ExampleRole',
  'Who speaks in an example conversation.',
  ['user', 'agent'],
  { user: 'The user.', agent: 'The agent.' },
);

export const ExampleTurnRef = builder.objectRef<ExampleTurn>('ExampleTurn').implement({
  description: 'A line of an example conversation.',
  fields: (t) => ({
    role: t.expose('role', { type: ExampleRole, description: 'Who speaks.' }),
    content: t.exposeString('content', { description: 'What is said.' }),
  }),
});

export const ExampleTurnInput = builder.inputType('ExampleTurnInput', {
  description: 'A line of an example conversation.',
  fields: (t) => ({
    role: t.field({ type: ExampleRole, required: true, description: 'Who speaks.' }),
    content: t.field({ type: 'NonBlank', required: true, description: 'What is said.' }),
  }),
});

PlaybookTemplateRef.implement({
  description: 'A playbook to copy onto an agent.',
  fields: (t) => ({
    ...templateFields(t),
    whenToUse: t.exposeString('whenToUse', {
      nullable: true,
      description: 'When the agent is to turn to it.',
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
      description: 'The skill templates that it draws on.',
    }),
    skillTemplates: t.field({
      type: [SkillTemplateRef],
      description: 'The skill templates that it draws on.',
      resolve: ({ derivedSkillTemplateIds }, _, { services }) =>
        services.catalog.skillTemplates.all(derivedSkillTemplateIds),
    }),
    toolRefs: t.exposeIDList('toolRefs', {
      nullable: true,
      description: 'The catalog ids of the tools that it may invoke.',
    }),
    tools: t.field({
      type: [ToolRef],
      description: 'The tools that it may invoke.',
      resolve: ({ toolRefs }, _, { services }) => services.catalog.tools.all(toolRefs),
    }),
    isDefault: t.exposeBoolean('isDefault', {
      nullable: true,
      description: 'Whether it is meant as the default playbook.',
    }),
    isOutbound: t.exposeBoolean('isOutbound', {
      nullable: true,
      description: 'Whether it is meant as the outreach opener.',
    }),
  }),
});

const TemplateMessage = builder.objectRef<AgentMessageTemplate>('TemplateMessage').implement({
  description: 'A message template that an agent template brings along.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id on the agent.' }),
    name: t.exposeString('name', { description: about.name }),
    description: t.exposeString('description', { nullable: true, description: about.description }),
    body: t.exposeString('body', { description: 'The text, with slots.' }),
    defaultOnMissingSlot: t.expose('defaultOnMissingSlot', {
      type: MissingSlotPolicyType,
      nullable: true,
      description: 'The policy of slots that have none of their own.',
    }),
  }),
});

AgentTemplateRef.implement({
  description: "An agent's whole behaviour, by the templates of its parts.",
  fields: (t) => ({
    ...templateFields(t),
    category: t.exposeString('category', { nullable: true, description: 'Its line of business.' }),
    identityPreamble: t.exposeString('identityPreamble', {
      nullable: true,
      description:
        'A proposal for the "who is talking" line. Applying the template leaves the identity alone.',
    }),
    personalityTemplateId: t.exposeID('personalityTemplateId', {
      nullable: true,
      description: 'The personality template that becomes the personality.',
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
      description: 'The objective templates that become the objectives, by rank.',
    }),
    objectiveTemplates: t.field({
      type: [ObjectiveTemplateRef],
      description: 'The objective templates that become the objectives, by rank.',
      resolve: ({ objectiveTemplateIds }, _, { services }) =>
        services.catalog.objectiveTemplates.all(objectiveTemplateIds),
    }),
    guardrailTemplateIds: t.exposeIDList('guardrailTemplateIds', {
      nullable: true,
      description: 'The guardrail templates that become the guardrails.',
    }),
    guardrailTemplates: t.field({
      type: [GuardrailTemplateRef],
      description: 'The guardrail templates that become the guardrails.',
      resolve: ({ guardrailTemplateIds }, _, { services }) =>
        services.catalog.guardrailTemplates.all(guardrailTemplateIds),
    }),
    skillTemplateIds: t.exposeIDList('skillTemplateIds', {
      nullable: true,
      description: 'The skill templates that become the skills.',
    }),
    skillTemplates: t.field({
      type: [SkillTemplateRef],
      description: 'The skill templates that become the skills.',
      resolve: ({ skillTemplateIds }, _, { services }) =>
        services.catalog.skillTemplates.all(skillTemplateIds),
    }),
    playbookTemplateIds: t.exposeIDList('playbookTemplateIds', {
      nullable: true,
      description: 'The playbook templates that become the playbooks.',
    }),
    playbookTemplates: t.field({
      type: [PlaybookTemplateRef],
      description: 'The playbook templates that become the playbooks.',
      resolve: ({ playbookTemplateIds }, _, { services }) =>
        services.catalog.playbookTemplates.all(playbookTemplateIds),
    }),
    recommendedToolIds: t.exposeIDList('recommendedToolIds', {
      nullable: true,
      description: 'The tools that it is best bound to.',
    }),
    recommendedTools: t.field({
      type: [ToolRef],
      description: 'The tools that it is best bound to.',
      resolve: ({ recommendedToolIds }, _, { services }) =>
        services.catalog.tools.all(recommendedToolIds),
    }),
    messageTemplates: t.field({
      type: [TemplateMessage],
      description: 'The message templates that it brings along.',
      resolve: ({ messageTemplates = [] }) => messageTemplates,
    }),
    outreachGreetingId: t.id({
      nullable: true,
      description: 'Which of its message templates becomes the outreach greeting.',
      resolve: ({ outreach }) => outreach?.greetingTemplateId,
    }),
  }),
});

SystemSkillRef.implement({
  description: 'A skill that every agent has and nobody can change.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'A slug.' }),
    name: t.exposeString('name', { description: about.name }),
    description: t.exposeString('description', { description: about.description }),
    body: t.exposeString('body', { description: about.body }),
  }),
});

import type { ItemChange } from '../src/domain/items.ts';
import {
  type AgentObjective,
  createObjective,
  deleteObjective,
  importObjective,
  objectiveOf,
  objectivesOf,
  reorderObjectives,
  replaceObjective,
  replaceObjectives,
  updateObjective,
} from '../src/domain/objectives.ts';
import { agentArgs } from './args.ts';
import { builder } from './builder.ts';
import { DerivedFromInput, DerivedFromType } from './derived-from.ts';
import { AgentRef } from './refs.ts';
import { inherited, mayInOrg } from './rights.ts';

const about = {
  id: 'A slug, unique within the agent.',
  name: 'Its name.',
  description: 'What it is for, in words for people.',
  body: 'The prompt fragment that the agent uses.',
  priority: 'Lower wins when objectives compete.',
  derivedFrom: 'The template that it was imported from.',
} as const satisfies Record<keyof AgentObjective, string>;

export const Objective = builder.objectRef<AgentObjective>('AgentObjective').implement({
  description: 'A goal that an agent works toward.',
  fields: (t) => ({
    id: t.exposeID('id', { description: about.id }),
    name: t.exposeString('name', { description: about.name }),
    description: t.exposeString('description', { nullable: true, description: about.description }),
    body: t.exposeString('body', { description: about.body }),
    priority: t.exposeFloat('priority', { description: about.priority }),
    derivedFrom: t.expose('derivedFrom', {
      type: DerivedFromType,
      nullable: true,
      description: about.derivedFrom,
    }),
  }),
});

builder.objectFields(AgentRef, (t) => ({
  objectives: t.field({
    type: [Objective],
    reads: ['objectives'],
    description: 'Its goals, by priority, then position.',
    resolve: (agent) => [...objectivesOf(agent)],
  }),
  objective: t.field({
    type: Objective,
    nullable: true,
    description:
      'One of its goals. Null, with an error `objective.not_found`, when there is none of that id.',
    reads: ['objectives'],
    args: { id: t.arg.id({ required: true, description: "The objective's id." }) },
    resolve: (agent, { id }) => objectiveOf(agent, id),
  }),
}));

const CreateObjectiveInput = builder.inputType('CreateObjectiveInput', {
  description: 'A new objective.',
  fields: (t) => ({
    id: t.id({ description: 'A slug; minted from the name when left out.' }),
    name: t.field({ type: 'NonBlank', required: true, description: about.name }),
    description: t.string({ description: about.description }),
    body: t.field({ type: 'NonBlank', required: true, description: about.body }),
    priority: t.float({ description: `${about.priority} The highest + 1 when left out.` }),
  }),
});

export const ObjectiveInput = builder.inputType('ObjectiveInput', {
  description: 'An objective as a whole.',
  fields: (t) => ({
    id: t.id({
      description: 'In a list: minted when left out. That of an objective never changes.',
    }),
    name: t.field({ type: 'NonBlank', required: true, description: about.name }),
    description: t.string({ description: about.description }),
    body: t.field({ type: 'NonBlank', required: true, description: about.body }),
    priority: t.float({
      description: 'When left out: the position in a list, from 1; else it stays.',
    }),
    derivedFrom: t.field({
      type: DerivedFromInput,
      description: 'May be sent back as it was read; imports alone change it.',
    }),
  }),
});

const ReplaceObjectivesInput = builder.inputType('ReplaceObjectivesInput', {
  description: 'The full list of objectives.',
  fields: (t) => ({
    objectives: t.field({ type: [ObjectiveInput], required: true, description: 'The list.' }),
  }),
});

const UpdateObjectiveInput = builder.inputType('UpdateObjectiveInput', {
  description: 'The fields of an objective to change; `null` clears one.',
  fields: (t) => ({
    name: t.field({ type: 'NonBlank', description: about.name }),
    description: t.string({ description: about.description }),
    body: t.field({ type: 'NonBlank', description: about.body }),
    priority: t.float({ description: about.priority }),
  }),
});

const ReorderObjectivesInput = builder.inputType('ReorderObjectivesInput', {
  description: 'The order of objectives.',
  bareList: 'ids',
  fields: (t) => ({
    ids: t.idList({ required: true, description: 'These first, in this order; then the others.' }),
  }),
});

const ImportObjectiveInput = builder.inputType('ImportObjectiveInput', {
  description: 'An objective template to copy onto an agent.',
  fields: (t) => ({
    templateId: t.id({
      required: true,
      description: "The template's qualified id; its latest version is copied.",
    }),
    priority: t.float({
      description: `${about.priority} When left out: that of the earlier copy, or the highest + 1.`,
    }),
  }),
});

const ObjectivePayload = builder
  .objectRef<ItemChange<AgentObjective>>('ObjectivePayload')
  .implement({
    description: 'What a change of an objective came to.',
    fields: (t) => ({
      objective: t.expose('item', { type: Objective, description: 'The objective.' }),
      agent: t.expose('agent', { type: AgentRef, ...inherited, description: 'Its agent.' }),
    }),
  });

builder.mutationFields((t) => {
  const right = mayInOrg('editor', 'agents:write');
  const args = agentArgs(t.arg);
  const id = t.arg.id({ required: true, description: "The objective's id." });
  return {
    replaceObjectives: t.field({
      type: AgentRef,
      ...right,
      description: 'Replaces the full list; an objective keeps its provenance by its id.',
      args: {
        ...args,
        input: t.arg({ type: ReplaceObjectivesInput, required: true, description: 'The list.' }),
      },
      resolve: (_, { org, agent, expectedVersion, input }, { services, work }) =>
        services.agents.change(work, { org, id: agent }, expectedVersion, (it) =>
          replaceObjectives(it, input.objectives),
        ),
    }),
    reorderObjectives: t.field({
      type: AgentRef,
      ...right,
      description: 'Gives the listed objectives the priorities 1, 2, 3 …; the others follow.',
      args: {
        ...args,
        input: t.arg({ type: ReorderObjectivesInput, required: true, description: 'The order.' }),
      },
      resolve: (_, { org, agent, expectedVersion, input }, { services, work }) =>
        services.agents.change(work, { org, id: agent }, expectedVersion, (it) =>
          reorderObjectives(it, input.ids),
        ),
    }),
    createObjective: t.field({
      type: ObjectivePayload,
      ...right,
      description: 'Adds an objective.',
      args: {
        ...args,
        input: t.arg({ type: CreateObjectiveInput, required: true, description: 'The objective.' }),
      },
      resolve: (_, { org, agent, expectedVersion, input }, { services, work }) =>
        services.agents.changeItem(work, { org, id: agent }, expectedVersion, (it) =>
          createObjective(it, input),
        ),
    }),
    replaceObjective: t.field({
      type: ObjectivePayload,
      ...right,
      description: 'Replaces an objective; its id and provenance stay.',
      args: {
        ...args,
        id,
        input: t.arg({ type: ObjectiveInput, required: true, description: 'The objective.' }),
      },
      resolve: (_, { org, agent, expectedVersion, id, input }, { services, work }) =>
        services.agents.changeItem(work, { org, id: agent }, expectedVersion, (it) =>
          replaceObjective(it, id, input),
        ),
    }),
    updateObjective: t.field({
      type: ObjectivePayload,
      ...right,
      description: 'Changes the given fields of an objective; `null` clears one.',
      args: {
        ...args,
        id,
        input: t.arg({ type: UpdateObjectiveInput, required: true, description: 'The changes.' }),
      },
      resolve: (_, { org, agent, expectedVersion, id, input }, { services, work }) =>
        services.agents.changeItem(work, { org, id: agent }, expectedVersion, (it) =>
          updateObjective(it, id, input),
        ),
    }),
    deleteObjective: t.field({
      type: AgentRef,
      ...right,
      description: 'Removes an objective.',
      args: { ...args, id },
      resolve: (_, { org, agent, expectedVersion, id }, { services, work }) =>
        services.agents.change(work, { org, id: agent }, expectedVersion, (it) =>
          deleteObjective(it, id),
        ),
    }),
    importObjectiveTemplate: t.field({
      type: ObjectivePayload,
      ...mayInOrg('editor', 'templates:apply'),
      description:
        'Copies an objective template onto an agent; an earlier copy of it is replaced in place.',
      args: {
        ...args,
        input: t.arg({ type: ImportObjectiveInput, required: true, description: 'The template.' }),
      },
      resolve: (_, { org, agent, expectedVersion, input }, { services, work }) =>
        services.agents.changeItem(work, { org, id: agent }, expectedVersion, (it) =>
          importObjective(
            it,
            services.catalog.objectiveTemplates.require(input.templateId),
            input.priority,
          ),
        ),
    }),
  };
});

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
import { addAgentItems, itemPayload } from './agent-items.ts';
import { agentMutation, itemMutation } from './agent-mutations.ts';
import { idArg, inputArg } from './args.ts';
import { builder } from './builder.ts';
import { DerivedFromInput, DerivedFromType } from './derived-from.ts';
import { LIST, TEXT } from './texts.ts';

const about = {
  id: 'A slug, unique within the agent.',
  name: 'The name.',
  description: 'A human-readable description.',
  body: 'The prompt fragment for the model.',
  priority: 'Objectives with a lower priority win over others.',
  derivedFrom: 'The catalog template that the objective was imported from.',
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

const ID = "The objective's id.";

addAgentItems({
  list: 'objectives',
  item: 'objective',
  type: Objective,
  noun: 'objective',
  description: "The agent's objectives, ordered by priority, then by position.",
  id: ID,
  notFound: 'objective.not_found',
  reads: ['objectives'],
  all: objectivesOf,
  one: objectiveOf,
});

const CreateObjectiveInput = builder.inputType('CreateObjectiveInput', {
  description: 'A new objective.',
  fields: (t) => ({
    id: t.field({ type: 'Slug', description: 'A slug. If omitted, it is derived from the name.' }),
    name: t.field({ ...TEXT.name, required: true, description: about.name }),
    description: t.field({ ...TEXT.description, description: about.description }),
    body: t.field({ ...TEXT.prompt, required: true, description: about.body }),
    priority: t.float({
      description: `${about.priority} If omitted: the highest priority plus 1.`,
    }),
  }),
});

export const ObjectiveInput = builder.inputType('ObjectiveInput', {
  description: 'A whole objective.',
  fields: (t) => ({
    id: t.field({
      type: 'Slug',
      description:
        'In a list, an id is derived from the name if omitted. The id of an existing objective cannot be changed.',
    }),
    name: t.field({ ...TEXT.name, required: true, description: about.name }),
    description: t.field({ ...TEXT.description, description: about.description }),
    body: t.field({ ...TEXT.prompt, required: true, description: about.body }),
    priority: t.float({
      description:
        'If omitted: in a list, the position from 1; for one objective, the current priority.',
    }),
    derivedFrom: t.field({
      type: DerivedFromInput,
      description: 'Accepted only with the current value. Only an import changes it.',
    }),
  }),
});

const ReplaceObjectivesInput = builder.inputType('ReplaceObjectivesInput', {
  description: 'The full list of objectives.',
  fields: (t) => ({
    objectives: t.field({
      type: [ObjectiveInput],
      ...LIST,
      required: true,
      description: 'The objectives, in their order.',
    }),
  }),
});

const UpdateObjectiveInput = builder.inputType('UpdateObjectiveInput', {
  description: 'The fields of an objective to change. `null` clears a field.',
  fields: (t) => ({
    name: t.field({ clearable: false, ...TEXT.name, description: about.name }),
    description: t.field({ ...TEXT.description, description: about.description }),
    body: t.field({ clearable: false, ...TEXT.prompt, description: about.body }),
    priority: t.float({ clearable: false, description: about.priority }),
  }),
});

const ReorderObjectivesInput = builder.inputType('ReorderObjectivesInput', {
  description: 'An order of objectives.',
  bareList: 'ids',
  fields: (t) => ({
    ids: t.idList({
      ...LIST,
      required: true,
      description: 'The ids of the first objectives, in their new order.',
    }),
  }),
});

const ImportObjectiveInput = builder.inputType('ImportObjectiveInput', {
  description: 'An objective template to import.',
  fields: (t) => ({
    templateId: t.id({
      required: true,
      description: "The template's qualified id. Its latest version is imported.",
    }),
    priority: t.float({
      description: `${about.priority} If omitted: the priority of the earlier import, or the highest plus 1.`,
    }),
  }),
});

const ObjectivePayload = itemPayload(
  'ObjectivePayload',
  'objective',
  Objective,
  'objective',
  ({ item }: ItemChange<AgentObjective>) => item,
);

builder.mutationFields((t) => {
  const id = idArg(t.arg, ID);
  return {
    replaceObjectives: agentMutation(t, {
      scope: 'agents:write',
      description:
        "Replaces the agent's objectives. An objective with the id of a current one keeps its provenance.",
      args: { input: inputArg(t.arg, ReplaceObjectivesInput, 'The objectives.') },
      change: (agent, { input }) => replaceObjectives(agent, input.objectives),
    }),
    reorderObjectives: agentMutation(t, {
      scope: 'agents:write',
      description:
        'Sets the priorities of the listed objectives to 1, 2, 3 …. The others follow in their current order.',
      args: { input: inputArg(t.arg, ReorderObjectivesInput, 'The order.') },
      change: (agent, { input }) => reorderObjectives(agent, input.ids),
    }),
    createObjective: itemMutation(t, ObjectivePayload, {
      scope: 'agents:write',
      fails: ['objective.id_taken'],
      description: 'Adds an objective to the agent.',
      args: { input: inputArg(t.arg, CreateObjectiveInput, 'The objective.') },
      change: (agent, { input }) => createObjective(agent, input),
    }),
    replaceObjective: itemMutation(t, ObjectivePayload, {
      scope: 'agents:write',
      fails: ['objective.not_found'],
      description: 'Replaces an objective. Its id, its provenance and an omitted priority stay.',
      args: { id, input: inputArg(t.arg, ObjectiveInput, 'The objective.') },
      change: (agent, { id, input }) => replaceObjective(agent, id, input),
    }),
    updateObjective: itemMutation(t, ObjectivePayload, {
      scope: 'agents:write',
      fails: ['objective.not_found'],
      description: 'Changes the given fields of an objective. `null` clears a field.',
      args: { id, input: inputArg(t.arg, UpdateObjectiveInput, 'The fields to change.') },
      change: (agent, { id, input }) => updateObjective(agent, id, input),
    }),
    deleteObjective: agentMutation(t, {
      scope: 'agents:write',
      fails: ['objective.not_found'],
      description: 'Removes an objective.',
      args: { id },
      change: (agent, { id }) => deleteObjective(agent, id),
    }),
    importObjectiveTemplate: itemMutation(t, ObjectivePayload, {
      scope: 'templates:apply',
      fails: ['catalog.not_found'],
      description:
        'Imports an objective template. An earlier import of the same template is replaced in place.',
      args: { input: inputArg(t.arg, ImportObjectiveInput, 'The template.') },
      change: (agent, { input }, { objectiveTemplates }) =>
        importObjective(agent, objectiveTemplates.require(input.templateId), input.priority),
    }),
  };
});

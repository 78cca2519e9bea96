import { agentMutation, agentQuery, itemMutation, type Route } from '../route.ts';

export const OBJECTIVE = '{ id name description body priority derivedFrom { templateId version } }';
const ITEM = `objective ${OBJECTIVE}`;
const LIST = `objectives ${OBJECTIVE}`;

const objectives = '/orgs/{org}/agents/{agent}/objectives';
const objective = `${objectives}/{objectiveId}`;

export const objectiveRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: objectives,
    summary: "Lists the agent's objectives",
    operation: agentQuery(LIST),
    pick: 'org.agent.objectives',
  },
  {
    method: 'PUT',
    path: objectives,
    summary: "Replaces the agent's objectives",
    operation: agentMutation('replaceObjectives', LIST, 'ReplaceObjectivesInput!'),
    pick: 'replaceObjectives.objectives',
  },
  {
    method: 'POST',
    path: objectives,
    summary: 'Adds an objective',
    operation: itemMutation('createObjective', ITEM, 'CreateObjectiveInput!'),
    pick: 'createObjective.objective',
    status: 201,
  },
  {
    method: 'POST',
    path: `${objectives}/_reorder`,
    summary: "Reorders the agent's objectives",
    operation: agentMutation('reorderObjectives', LIST, 'ReorderObjectivesInput!'),
    pick: 'reorderObjectives.objectives',
  },
  {
    method: 'POST',
    path: `${objectives}/import`,
    summary: 'Imports an objective template',
    operation: itemMutation('importObjectiveTemplate', ITEM, 'ImportObjectiveInput!'),
    pick: 'importObjectiveTemplate.objective',
  },
  {
    method: 'GET',
    path: objective,
    summary: 'Returns an objective',
    operation: agentQuery(`objective(id: $objectiveId) ${OBJECTIVE}`, '$objectiveId: ID!'),
    pick: 'org.agent.objective',
  },
  {
    method: 'PATCH',
    path: objective,
    summary: 'Changes an objective',
    operation: itemMutation('updateObjective', ITEM, 'UpdateObjectiveInput!', 'objectiveId'),
    pick: 'updateObjective.objective',
  },
  {
    method: 'PUT',
    path: objective,
    summary: 'Replaces an objective',
    operation: itemMutation('replaceObjective', ITEM, 'ObjectiveInput!', 'objectiveId'),
    pick: 'replaceObjective.objective',
  },
  {
    method: 'DELETE',
    path: objective,
    summary: 'Removes an objective',
    operation: agentMutation('deleteObjective', LIST, undefined, 'objectiveId'),
    pick: 'deleteObjective.objectives',
  },
];

import { agentMutation, agentQuery, itemMutation, type Route } from '../route.ts';

export const OBJECTIVE = '{ id name description body priority derivedFrom { templateId version } }';
const ITEM = `objective ${OBJECTIVE}`;
const LIST = `objectives ${OBJECTIVE}`;

const objectives = '/orgs/{org}/agents/{agent}/objectives';
const objective = `${objectives}/{objectiveId}`;

export const objectiveRoutes: readonly Route[] = [
  { method: 'GET', path: objectives, operation: agentQuery(LIST), pick: 'org.agent.objectives' },
  {
    method: 'PUT',
    path: objectives,
    operation: agentMutation('replaceObjectives', LIST, 'ReplaceObjectivesInput!'),
    pick: 'replaceObjectives.objectives',
  },
  {
    method: 'POST',
    path: objectives,
    operation: itemMutation('createObjective', ITEM, 'CreateObjectiveInput!'),
    pick: 'createObjective.objective',
    status: 201,
  },
  {
    method: 'POST',
    path: `${objectives}/_reorder`,
    operation: agentMutation('reorderObjectives', LIST, 'ReorderObjectivesInput!'),
    pick: 'reorderObjectives.objectives',
  },
  {
    method: 'POST',
    path: `${objectives}/import`,
    operation: itemMutation('importObjectiveTemplate', ITEM, 'ImportObjectiveInput!'),
    pick: 'importObjectiveTemplate.objective',
  },
  {
    method: 'GET',
    path: objective,
    operation: agentQuery(`objective(id: $objectiveId) ${OBJECTIVE}`, '$objectiveId: ID!'),
    pick: 'org.agent.objective',
  },
  {
    method: 'PATCH',
    path: objective,
    operation: itemMutation('updateObjective', ITEM, 'UpdateObjectiveInput!', 'objectiveId'),
    pick: 'updateObjective.objective',
  },
  {
    method: 'PUT',
    path: objective,
    operation: itemMutation('replaceObjective', ITEM, 'ObjectiveInput!', 'objectiveId'),
    pick: 'replaceObjective.objective',
  },
  {
    method: 'DELETE',
    path: objective,
    operation: agentMutation('deleteObjective', LIST, undefined, 'objectiveId'),
    pick: 'deleteObjective.objectives',
  },
];

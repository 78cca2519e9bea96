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
    example: {
      objectives: [
        { id: 'qualify-leads', name: 'Qualify leads', body: 'Find out what the person needs.' },
        { name: 'Book calls', body: 'Offer a call once the person is qualified.' },
      ],
    },
    pick: 'replaceObjectives.objectives',
  },
  {
    method: 'POST',
    path: objectives,
    summary: 'Adds an objective',
    operation: itemMutation('createObjective', ITEM, 'CreateObjectiveInput!'),
    example: {
      name: 'Collect feedback',
      body: 'Ask for a rating from 1 to 5 before the conversation ends.',
    },
    pick: 'createObjective.objective',
    status: 201,
  },
  {
    method: 'POST',
    path: `${objectives}/_reorder`,
    summary: "Reorders the agent's objectives",
    operation: agentMutation('reorderObjectives', LIST, 'ReorderObjectivesInput!'),
    example: { ids: ['qualify-leads', 'book-qualified-meetings'] },
    pick: 'reorderObjectives.objectives',
  },
  {
    method: 'POST',
    path: `${objectives}/import`,
    summary: 'Imports an objective template',
    operation: itemMutation('importObjectiveTemplate', ITEM, 'ImportObjectiveInput!'),
    example: { templateId: '@anychat/objective-template.collect-feedback', priority: 3 },
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
    example: { priority: 1, description: null },
    pick: 'updateObjective.objective',
  },
  {
    method: 'PUT',
    path: objective,
    summary: 'Replaces an objective',
    operation: itemMutation('replaceObjective', ITEM, 'ObjectiveInput!', 'objectiveId'),
    example: { name: 'Qualify leads', body: 'Find out what the person needs.', priority: 2 },
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

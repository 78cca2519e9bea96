import { agentMutation, agentQuery, itemMutation, type Route } from '../route.ts';

const BINDING = `{
  toolId name enabled config configStatus missing oauth { state connectedAt lastError }
}`;
const ITEM = `toolBinding ${BINDING}`;

const bindings = '/orgs/{org}/agents/{agent}/tool-bindings';
const binding = `${bindings}/{toolId}`;

export const toolBindingRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: bindings,
    operation: agentQuery(`toolBindings ${BINDING}`),
    pick: 'org.agent.toolBindings',
    live: true,
  },
  {
    method: 'GET',
    path: binding,
    operation: agentQuery(`toolBinding(id: $toolId) ${BINDING}`, '$toolId: ID!'),
    pick: 'org.agent.toolBinding',
    live: true,
  },
  {
    method: 'PUT',
    path: binding,
    operation: itemMutation('replaceToolBinding', ITEM, 'ToolBindingInput!', 'toolId'),
    pick: 'replaceToolBinding.toolBinding',
  },
  {
    method: 'PATCH',
    path: binding,
    operation: itemMutation('updateToolBinding', ITEM, 'ToolBindingInput!', 'toolId'),
    pick: 'updateToolBinding.toolBinding',
  },
  {
    method: 'DELETE',
    path: binding,
    operation: agentMutation('deleteToolBinding', '', undefined, 'toolId'),
    pick: 'deleteToolBinding',
    status: 204,
  },
  {
    method: 'POST',
    path: `${binding}/_enable`,
    operation: itemMutation('enableToolBinding', ITEM, undefined, 'toolId'),
    pick: 'enableToolBinding.toolBinding',
  },
  {
    method: 'POST',
    path: `${binding}/_disable`,
    operation: itemMutation('disableToolBinding', ITEM, undefined, 'toolId'),
    pick: 'disableToolBinding.toolBinding',
  },
];

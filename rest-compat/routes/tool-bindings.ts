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
    summary: "Lists the agent's tool bindings",
    operation: agentQuery(`toolBindings ${BINDING}`),
    pick: 'org.agent.toolBindings',
    live: true,
  },
  {
    method: 'GET',
    path: binding,
    summary: 'Returns a tool binding',
    operation: agentQuery(`toolBinding(id: $toolId) ${BINDING}`, '$toolId: ID!'),
    pick: 'org.agent.toolBinding',
    live: true,
  },
  {
    method: 'PUT',
    path: binding,
    summary: 'Binds a tool, or replaces its binding',
    operation: itemMutation('replaceToolBinding', ITEM, 'ToolBindingInput!', 'toolId'),
    example: { config: { calendarId: 'sdr-team@acme.com' } },
    pick: 'replaceToolBinding.toolBinding',
  },
  {
    method: 'PATCH',
    path: binding,
    summary: 'Changes the config of a tool binding',
    operation: itemMutation('updateToolBinding', ITEM, 'UpdateToolBindingInput!', 'toolId'),
    example: { config: { bufferMinutes: 10, timeZone: null } },
    pick: 'updateToolBinding.toolBinding',
  },
  {
    method: 'DELETE',
    path: binding,
    summary: 'Removes a tool binding',
    operation: agentMutation('deleteToolBinding', '', undefined, 'toolId'),
    pick: 'deleteToolBinding',
    status: 204,
  },
  {
    method: 'POST',
    path: `${binding}/_enable`,
    summary: 'Enables a tool binding',
    operation: itemMutation('enableToolBinding', ITEM, undefined, 'toolId'),
    pick: 'enableToolBinding.toolBinding',
  },
  {
    method: 'POST',
    path: `${binding}/_disable`,
    summary: 'Disables a tool binding',
    operation: itemMutation('disableToolBinding', ITEM, undefined, 'toolId'),
    pick: 'disableToolBinding.toolBinding',
  },
];

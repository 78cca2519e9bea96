import { agentQuery, plannedMutation, planOf, type Route } from '../route.ts';
import { OBJECTIVE } from './objectives.ts';
import { PERSONALITY } from './personality.ts';
import { PLAYBOOK } from './playbooks.ts';
import { SKILL } from './skills.ts';

const updates = '/orgs/{org}/agents/{agent}/updates';

export const updateRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: updates,
    summary: "Lists the available updates of the agent's pieces",
    operation: agentQuery(`updates {
      data: pieces {
        kind id name templateId currentVersion latestVersion updateAvailable templateMissing
      }
      updateCount
    }`),
    pick: 'org.agent.updates',
    // A newer catalog changes the answer, so the agent's version does not identify it.
    live: true,
  },
  {
    method: 'POST',
    path: `${updates}/apply`,
    summary: 'Updates a piece to the latest version of its template',
    operation: plannedMutation(
      'applyUpdate',
      `piece {
        ${PERSONALITY} objective ${OBJECTIVE} skill ${SKILL} playbook ${PLAYBOOK}
      }`,
      'ApplyUpdateInput!',
    ),
    query: { plan: 'plan' },
    plan: planOf('planUpdate', 'kind: $kind, id: $id', '$kind: PieceKind!, $id: ID'),
    example: { kind: 'skill', id: 'call-booking' },
    pick: 'applyUpdate.piece',
    oneOf: true,
  },
];

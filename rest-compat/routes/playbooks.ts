import { agentMutation, agentQuery, itemMutation, type Route } from '../route.ts';

export const PLAYBOOK = `{
  id name description whenToUse body examples { role content } skillRefs toolRefs
  messageTemplateRefs isDefault isOutbound derivedFrom { templateId version }
}`;
const ITEM = `playbook ${PLAYBOOK}`;
const LIST = `playbooks ${PLAYBOOK}`;

const playbooks = '/orgs/{org}/agents/{agent}/playbooks';
const playbook = `${playbooks}/{playbookId}`;

export const playbookRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: playbooks,
    summary: "Lists the agent's playbooks",
    operation: agentQuery(LIST),
    pick: 'org.agent.playbooks',
  },
  {
    method: 'POST',
    path: playbooks,
    summary: 'Adds a playbook',
    operation: itemMutation('createPlaybook', ITEM, 'CreatePlaybookInput!'),
    example: {
      name: 'Trade fair',
      whenToUse: 'The person comes from our stand at a trade fair.',
      body: 'Thank the person for the visit, then ask what they liked.',
      examples: [
        [
          { role: 'user', content: 'I saw you at the fair.' },
          { role: 'agent', content: 'Thank you for the visit! What did you like?' },
        ],
      ],
      skillRefs: ['call-booking'],
    },
    pick: 'createPlaybook.playbook',
    status: 201,
  },
  {
    method: 'POST',
    path: `${playbooks}/import`,
    summary: 'Imports a playbook template',
    operation: itemMutation('importPlaybookTemplate', `agent { ${LIST} }`, 'ImportTemplateInput!'),
    example: { templateId: '@anychat/playbook-template.event-invitation' },
    pick: 'importPlaybookTemplate.agent.playbooks',
  },
  {
    method: 'GET',
    path: playbook,
    summary: 'Returns a playbook',
    operation: agentQuery(`playbook(id: $playbookId) ${PLAYBOOK}`, '$playbookId: ID!'),
    pick: 'org.agent.playbook',
  },
  {
    method: 'PATCH',
    path: playbook,
    summary: 'Changes a playbook',
    operation: itemMutation('updatePlaybook', ITEM, 'UpdatePlaybookInput!', 'playbookId'),
    example: { whenToUse: 'The person asks about prices.', examples: null },
    pick: 'updatePlaybook.playbook',
  },
  {
    method: 'PUT',
    path: playbook,
    summary: 'Replaces a playbook',
    operation: itemMutation('replacePlaybook', ITEM, 'PlaybookInput!', 'playbookId'),
    example: {
      name: 'Sales discovery',
      body: 'Ask one question at a time.',
      toolRefs: ['@anychat/tool.google-calendar'],
    },
    pick: 'replacePlaybook.playbook',
  },
  {
    method: 'DELETE',
    path: playbook,
    summary: 'Removes a playbook',
    operation: agentMutation('deletePlaybook', LIST, undefined, 'playbookId'),
    pick: 'deletePlaybook.playbooks',
  },
  {
    method: 'POST',
    path: `${playbook}/_setDefault`,
    summary: 'Makes a playbook the default',
    operation: agentMutation('setDefaultPlaybook', LIST, undefined, 'playbookId'),
    pick: 'setDefaultPlaybook.playbooks',
  },
];

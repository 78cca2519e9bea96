import { agentMutation, agentQuery, itemMutation, type Route } from '../route.ts';

const TEMPLATE = '{ id name description body defaultOnMissingSlot }';
const ITEM = `messageTemplate ${TEMPLATE}`;
const LIST = `messageTemplates ${TEMPLATE}`;

const templates = '/orgs/{org}/agents/{agent}/message-templates';
const template = `${templates}/{templateId}`;

export const messageTemplateRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: templates,
    operation: agentQuery(LIST),
    pick: 'org.agent.messageTemplates',
  },
  {
    method: 'POST',
    path: templates,
    operation: itemMutation('createMessageTemplate', ITEM, 'MessageTemplateInput!'),
    pick: 'createMessageTemplate.messageTemplate',
    status: 201,
  },
  {
    method: 'GET',
    path: template,
    operation: agentQuery(`messageTemplate(id: $templateId) ${TEMPLATE}`, '$templateId: ID!'),
    pick: 'org.agent.messageTemplate',
  },
  {
    method: 'PUT',
    path: template,
    operation: itemMutation('replaceMessageTemplate', ITEM, 'MessageTemplateInput!', 'templateId'),
    pick: 'replaceMessageTemplate.messageTemplate',
  },
  {
    method: 'PATCH',
    path: template,
    operation: itemMutation(
      'updateMessageTemplate',
      ITEM,
      'UpdateMessageTemplateInput!',
      'templateId',
    ),
    pick: 'updateMessageTemplate.messageTemplate',
  },
  {
    method: 'DELETE',
    path: template,
    operation: agentMutation('deleteMessageTemplate', LIST, undefined, 'templateId'),
    pick: 'deleteMessageTemplate.messageTemplates',
  },
];

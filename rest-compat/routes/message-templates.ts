import { agentMutation, agentQuery, itemMutation, type Route } from '../route.ts';

const TEMPLATE = '{ id name description body defaultOnMissingSlot }';
/** What a preview shows. It has no `ETag`: it changes with the person, too. */
export const PREVIEW = '{ renderedText missingSlots { path action } blocked }';
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
    method: 'GET',
    path: `${template}/preview`,
    operation: `query ($org: ID!, $agent: ID!, $templateId: ID!, $personId: ID!) {
      org(id: $org) { agent(id: $agent) { messageTemplate(id: $templateId) {
        preview(personId: $personId) ${PREVIEW}
      } } }
    }`,
    query: { personId: 'personId' },
    pick: 'org.agent.messageTemplate.preview',
    keepsNulls: true,
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

import { agentMutation, agentQuery, itemMutation, type Route } from '../route.ts';

const TEMPLATE = '{ id name description body defaultOnMissingSlot }';
/** A preview has no `ETag`: it also changes with the person. */
export const PREVIEW = '{ renderedText missingSlots { path action } blocked }';
const ITEM = `messageTemplate ${TEMPLATE}`;
const LIST = `messageTemplates ${TEMPLATE}`;

const templates = '/orgs/{org}/agents/{agent}/message-templates';
const template = `${templates}/{templateId}`;

export const messageTemplateRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: templates,
    summary: "Lists the agent's message templates",
    operation: agentQuery(LIST),
    pick: 'org.agent.messageTemplates',
  },
  {
    method: 'POST',
    path: templates,
    summary: 'Adds a message template',
    operation: itemMutation('createMessageTemplate', ITEM, 'MessageTemplateInput!'),
    example: {
      name: 'Trial reminder',
      body: 'Hi {person.firstName | "there"}, your {person.customFields.plan | omit-sentence} trial ends soon.',
      defaultOnMissingSlot: 'omit-sentence',
    },
    pick: 'createMessageTemplate.messageTemplate',
    status: 201,
  },
  {
    method: 'GET',
    path: template,
    summary: 'Returns a message template',
    operation: agentQuery(`messageTemplate(id: $templateId) ${TEMPLATE}`, '$templateId: ID!'),
    pick: 'org.agent.messageTemplate',
  },
  {
    method: 'GET',
    path: `${template}/preview`,
    summary: 'Previews a message template for a person',
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
    summary: 'Replaces a message template',
    operation: itemMutation('replaceMessageTemplate', ITEM, 'MessageTemplateInput!', 'templateId'),
    example: {
      name: 'Outreach greeting',
      body: 'Hi {person.firstName}, {agent.companyName} here.',
    },
    pick: 'replaceMessageTemplate.messageTemplate',
  },
  {
    method: 'PATCH',
    path: template,
    summary: 'Changes a message template',
    operation: itemMutation(
      'updateMessageTemplate',
      ITEM,
      'UpdateMessageTemplateInput!',
      'templateId',
    ),
    example: { defaultOnMissingSlot: 'block-send' },
    pick: 'updateMessageTemplate.messageTemplate',
  },
  {
    method: 'DELETE',
    path: template,
    summary: 'Removes a message template',
    operation: agentMutation('deleteMessageTemplate', LIST, undefined, 'templateId'),
    pick: 'deleteMessageTemplate.messageTemplates',
  },
];

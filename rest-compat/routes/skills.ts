import { agentMutation, agentQuery, itemMutation, type Route } from '../route.ts';

export const SKILL = `{
  id name description body enabled requiredTools config derivedFrom { templateId version } source
}`;
const ITEM = `skill ${SKILL}`;
const LIST = `skills ${SKILL}`;

const skills = '/orgs/{org}/agents/{agent}/skills';
const skill = `${skills}/{skillId}`;

export const skillRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: skills,
    summary: "Lists the agent's skills",
    operation: agentQuery(LIST),
    pick: 'org.agent.skills',
    // The catalog's system skills are part of the list.
    live: true,
  },
  {
    method: 'POST',
    path: skills,
    summary: 'Adds a skill',
    operation: itemMutation('createSkill', ITEM, 'CreateSkillInput!'),
    example: {
      name: 'Meeting scheduling',
      body: "Offer two times in the person's time zone.",
      requiredTools: ['@anychat/tool.google-calendar'],
    },
    pick: 'createSkill.skill',
    status: 201,
  },
  {
    method: 'POST',
    path: `${skills}/import`,
    summary: 'Imports a skill template',
    operation: itemMutation(
      'importSkillTemplate',
      `${ITEM} addedToolBindings`,
      'ImportTemplateInput!',
    ),
    example: { templateId: '@anychat/skill-template.crm-sync' },
    pick: 'importSkillTemplate',
  },
  {
    method: 'GET',
    path: skill,
    summary: 'Returns a skill',
    operation: agentQuery(`skill(id: $skillId) ${SKILL}`, '$skillId: ID!'),
    pick: 'org.agent.skill',
    live: true,
  },
  {
    method: 'PATCH',
    path: skill,
    summary: 'Changes a skill',
    operation: itemMutation('updateSkill', ITEM, 'UpdateSkillInput!', 'skillId'),
    example: { description: 'Books calls.', enabled: false },
    pick: 'updateSkill.skill',
  },
  {
    method: 'PUT',
    path: skill,
    summary: 'Replaces a skill',
    operation: itemMutation('replaceSkill', ITEM, 'SkillInput!', 'skillId'),
    example: {
      name: 'Schedule a call',
      body: "Offer two times in the person's time zone.",
      enabled: true,
    },
    pick: 'replaceSkill.skill',
  },
  {
    method: 'DELETE',
    path: skill,
    summary: 'Removes a skill',
    operation: agentMutation('deleteSkill', LIST, undefined, 'skillId'),
    pick: 'deleteSkill.skills',
  },
  {
    method: 'POST',
    path: `${skill}/_enable`,
    summary: 'Enables a skill',
    operation: itemMutation('enableSkill', ITEM, undefined, 'skillId'),
    pick: 'enableSkill.skill',
  },
  {
    method: 'POST',
    path: `${skill}/_disable`,
    summary: 'Disables a skill',
    operation: itemMutation('disableSkill', ITEM, undefined, 'skillId'),
    pick: 'disableSkill.skill',
  },
];

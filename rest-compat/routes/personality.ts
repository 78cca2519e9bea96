import { agentMutation, agentQuery, type Route } from '../route.ts';

export const PERSONALITY = 'personality { description text derivedFrom { templateId version } }';
const DIFF = `personalityDiff {
  current { description text }
  baseline { templateId version description text }
  divergence { description text }
}`;

const path = '/orgs/{org}/agents/{agent}/personality';

export const personalityRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    summary: "Returns the agent's personality",
    operation: agentQuery(PERSONALITY),
    pick: 'org.agent.personality',
    unset: { code: 'personality.not_set', message: 'no personality is set' },
  },
  {
    method: 'GET',
    path: `${path}/diff`,
    summary: "Compares the agent's personality with its template",
    operation: agentQuery(DIFF),
    pick: 'org.agent.personalityDiff',
    keepsNulls: true,
  },
  {
    method: 'PUT',
    path,
    summary: "Replaces the agent's personality",
    operation: agentMutation('replacePersonality', PERSONALITY, 'PersonalityInput!'),
    example: {
      description: 'Warm and brief',
      text: 'You are warm, and you answer in at most three sentences.',
    },
    pick: 'replacePersonality.personality',
  },
  {
    method: 'POST',
    path: `${path}/import`,
    summary: 'Imports a personality template',
    operation: agentMutation('importPersonalityTemplate', PERSONALITY, 'ImportTemplateInput!'),
    example: { templateId: '@anychat/personality-template.professional' },
    pick: 'importPersonalityTemplate.personality',
  },
];

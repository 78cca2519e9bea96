import { common } from './common.ts';

export const overviewTexts = {
  readiness: 'Readiness',
  ready: 'Nothing keeps this agent from working.',
  fix: 'Fix',
  fixOf: (message: string) => `Fix: ${message}`,
  severities: { ERROR: 'Problem', WARNING: 'Warning' },
  more: (count: number) => `Show ${common.count(count, 'more finding', 'more findings')}`,
  channels: 'Channels',
  noChannels: 'This agent has no channels.',
  tools: 'Tools',
  noTools: 'This agent uses no tools.',
  updates: 'Updates of templates',
  noUpdates: 'Every copy has the version of its template.',
  update: 'Update',
  review: 'Review',
  reviewOf: (name: string) => `Review the update of “${name}”`,
  updating: {
    title: (name: string) => `Update “${name}”`,
    intro: (version: string) =>
      `The copy becomes version ${version} of the template. Edits of the copy are replaced; the history keeps them.`,
    done: (name: string, version: number) =>
      `“${name}” is updated. The agent is at version ${version}.`,
    show: 'Show the version',
  },
  versions: (from: string, to: string) => `${from} → ${to}`,
  traffic: 'Messages of the last 7 days',
  noTraffic: 'No messages in the last 7 days.',
  fromUser: 'From people',
  fromAgent: 'From the agent',
  day: (day: string, people: number, agent: number) =>
    `${day}: ${people.toLocaleString()} from people, ${agent.toLocaleString()} from the agent`,
  prompt: 'Prompt by section',
  promptTotal: (tokens: number) => `About ${tokens.toLocaleString()} tokens in all`,
  tokens: (count: number) => common.count(count, 'token', 'tokens'),
};

import type { EventType } from '../src/domain/events.ts';

/** Says what happened, of each event. */
export const EVENT_TEXTS: Readonly<Record<EventType, string>> = {
  'agent.created': 'An agent was created.',
  'agent.updated': 'An agent, or a part of it, was changed.',
  'agent.deleted': 'An agent was removed.',
  'api_key.created': 'An API key was created.',
  'api_key.updated': 'An API key was changed.',
  'api_key.deleted': 'An API key was revoked.',
  'channel.created': 'A channel was bound or requested.',
  'channel.updated': 'A channel binding was changed.',
  'channel.deleted': 'A channel binding was removed.',
  'channel.status_changed': 'The status of a channel binding changed.',
  'org.updated': 'The org was changed.',
  'outreach_link.created': 'An outreach link was created.',
  'outreach_link.updated': 'An outreach link was changed.',
  'outreach_link.deleted': 'An outreach link was removed.',
  'person.created': 'A person was created.',
  'person.updated': 'A person was changed.',
  'person.deleted': 'A person was removed.',
  'tool.connected': 'An OAuth grant was given for a tool.',
  'tool.disconnected': 'An OAuth grant for a tool was removed.',
  'webhook.ping': 'A test event was requested for a webhook.',
};

import type { EventType } from '../domain/events.ts';
import type { ResourceType } from './collection.ts';

export type Verb = 'created' | 'updated' | 'deleted';

/** What a change did: the name of its event or, for a resource without events, one like it. */
export type Action = Exclude<EventType, 'webhook.ping'> | `${ResourceType}.${Verb}`;

const LISTED: Readonly<Record<Action, true>> = {
  'agent.created': true,
  'agent.updated': true,
  'agent.deleted': true,
  'api_key.created': true,
  'api_key.updated': true,
  'api_key.deleted': true,
  'channel.created': true,
  'channel.updated': true,
  'channel.deleted': true,
  'channel.status_changed': true,
  'member.created': true,
  'member.updated': true,
  'member.deleted': true,
  'org.created': true,
  'org.updated': true,
  'org.deleted': true,
  'outreach_link.created': true,
  'outreach_link.updated': true,
  'outreach_link.deleted': true,
  'person.created': true,
  'person.updated': true,
  'person.deleted': true,
  'tool.connected': true,
  'tool.disconnected': true,
  'webhook.created': true,
  'webhook.updated': true,
  'webhook.deleted': true,
};

export const ACTIONS = Object.keys(LISTED) as readonly Action[];

/**
 * The action that names a change that has several: the creation or removal of the document itself,
 * else one that says more than that the document was changed, else the first.
 */
export function mainAction(type: ResourceType, verb: Verb, actions: readonly Action[]): Action {
  const own: Action = `${type}.${verb}`;
  if (verb !== 'updated') return own;
  return actions.find((action) => action !== own) ?? own;
}

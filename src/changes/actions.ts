import { EVENT_TYPES, type EventType, type NewEvent } from '../domain/events.ts';
import type { ResourceType } from './collection.ts';

export type Verb = 'created' | 'updated' | 'deleted';

/** What a change did: the name of its event or, for a resource without events, one like it. */
export type Action =
  | Exclude<EventType, 'webhook.ping'>
  | `${Exclude<ResourceType, 'tool'>}.${Verb}`;

/** The actions of a change: those of its events, else the one of its verb. */
export function actionsOf(
  type: ResourceType,
  verb: Verb,
  events: readonly NewEvent[],
): readonly Action[] {
  if (events.length > 0) return events.map(actionOf);
  if (type === 'tool') throw new RangeError('a change of a grant has an event');
  return [`${type}.${verb}`];
}

/** @throws RangeError on a ping, which changes nothing */
function actionOf({ type }: NewEvent): Action {
  if (type === 'webhook.ping') throw new RangeError(`${type} is no event of a change`);
  return type;
}

/** The actions without an event. */
const WITHOUT_EVENT: Readonly<Record<Exclude<Action, EventType>, true>> = {
  'member.created': true,
  'member.updated': true,
  'member.deleted': true,
  'org.created': true,
  'org.deleted': true,
  'webhook.created': true,
  'webhook.updated': true,
  'webhook.deleted': true,
};

export const ACTIONS: readonly Action[] = [
  ...EVENT_TYPES.filter((type) => type !== 'webhook.ping'),
  ...(Object.keys(WITHOUT_EVENT) as (keyof typeof WITHOUT_EVENT)[]),
];

/**
 * The action that names a change that has several: the creation or removal of the document itself,
 * else one that says more than that the document was changed, else the first.
 */
export function mainAction(type: ResourceType, verb: Verb, actions: readonly Action[]): Action {
  const own = `${type}.${verb}`;
  const main = actions.find((it) => (verb === 'updated' ? it !== own : it === own)) ?? actions[0];
  if (!main) throw new RangeError('a change has an action');
  return main;
}

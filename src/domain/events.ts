import type { Actor } from './origin.ts';
import type { Trace } from './trace.ts';

/** The data of every event: the resource and its org. */
interface Subject {
  readonly id: string;
  readonly orgId: string;
}

/** The data of an event of a resource that belongs to an agent. */
interface AgentSubject extends Subject {
  readonly agentId: string;
}

/** The events of an org and their data. The webhook-events catalog describes each. */
interface EventDataByType {
  'agent.created': Subject;
  /** `sections` are the parts of the agent that changed, as its history names them; `version` is the version after the change. */
  'agent.updated': Subject & { readonly version: number; readonly sections: readonly string[] };
  'agent.deleted': Subject;
  'api_key.created': Subject;
  'api_key.updated': Subject;
  'api_key.deleted': Subject;
  'channel.created': AgentSubject;
  'channel.updated': AgentSubject;
  'channel.deleted': AgentSubject;
  'channel.status_changed': AgentSubject & {
    readonly channel: string;
    readonly from: string;
    readonly to: string;
  };
  'org.updated': Subject;
  'outreach_link.created': AgentSubject;
  'outreach_link.updated': AgentSubject;
  'outreach_link.deleted': AgentSubject;
  'person.created': AgentSubject;
  'person.updated': AgentSubject;
  'person.deleted': AgentSubject;
  'tool.connected': AgentSubject;
  'tool.disconnected': AgentSubject;
  'webhook.ping': Subject;
}

export type EventType = keyof EventDataByType;

const DESCRIBED: Readonly<Record<EventType, true>> = {
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
  'org.updated': true,
  'outreach_link.created': true,
  'outreach_link.updated': true,
  'outreach_link.deleted': true,
  'person.created': true,
  'person.updated': true,
  'person.deleted': true,
  'tool.connected': true,
  'tool.disconnected': true,
  'webhook.ping': true,
};

/** Every event type; the webhook-events catalog describes exactly these. */
export const EVENT_TYPES = Object.keys(DESCRIBED) as readonly EventType[];

/** An event before it is recorded. It never contains personal data or a secret. */
export type NewEvent = {
  [T in EventType]: { readonly type: T; readonly data: EventDataByType[T] };
}[EventType];

/** The change that an event is about. */
export interface ChangeData {
  /** Without its name, which can be that of a person. */
  readonly actor: Pick<Actor, 'kind' | 'id'>;
  /** The version that the change led to; unset for the loss of a grant, which leads to none. */
  readonly version?: number;
  /** The parts of an agent that the change wrote. */
  readonly sections?: readonly string[];
}

/** A recorded event, with the trace of the request that caused it. A ping is about no change. */
export type DomainEvent = NewEvent & {
  readonly data: Partial<ChangeData>;
  /** Unique. Ids of one process are ordered by time. */
  readonly id: string;
  /** ISO-8601. */
  readonly timestamp: string;
} & Trace;

/**
 * The id of an event's subject: of the agent, for a resource that belongs to one. Events
 * of one subject are delivered in order.
 */
export function subjectOf({ data }: DomainEvent): string {
  return 'agentId' in data ? data.agentId : data.id;
}

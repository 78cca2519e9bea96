/** What every event says: which thing, in which org. */
interface Subject {
  readonly id: string;
  readonly orgId: string;
}

/** What an event of a thing under an agent says. */
interface AgentSubject extends Subject {
  readonly agentId: string;
}

/** What happens in an org, and what is told of it (the webhook-events catalog describes each). */
interface EventDataByType {
  'agent.created': Subject;
  /** `sections` are the parts of the agent that changed, `version` is the one after the change. */
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

/** Every event that is told; the webhook-events catalog describes these and no others. */
export const EVENT_TYPES = Object.keys(DESCRIBED) as readonly EventType[];

/** An event as whoever changes something tells it. It never holds personal data or a secret. */
export type NewEvent = {
  [T in EventType]: { readonly type: T; readonly data: EventDataByType[T] };
}[EventType];

/** An event as it is recorded. */
export type DomainEvent = NewEvent & {
  /** Unique; ids of one process grow with time. */
  readonly id: string;
  /** ISO-8601. */
  readonly timestamp: string;
};

/**
 * What an event is about: the agent, for everything under one. Events of one
 * subject are told in the order in which they happened.
 */
export function subjectOf({ data }: DomainEvent): string {
  return 'agentId' in data ? data.agentId : data.id;
}

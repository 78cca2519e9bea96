import type { NewEvent } from '../domain/events.ts';
import type { Origin } from '../domain/origin.ts';
import { collectionSpec, type Doc } from '../store/port.ts';
import type { Action } from './actions.ts';

/** The types of resources whose changes are recorded, spelled as in the names of events. */
export type ResourceType =
  | 'agent'
  | 'api_key'
  | 'member'
  | 'org'
  | 'outreach_link'
  | 'person'
  /** An OAuth grant of a tool. It is named by its agent, and its uid is the credential's id. */
  | 'tool'
  | 'webhook';

/** Names a resource of an org. */
export interface ResourceRef {
  readonly org: string;
  readonly id: string;
  /** No other resource has it or ever had it, also not a later one of the same id. */
  readonly uid: string;
  /** Of a resource that belongs to an agent. */
  readonly agentId?: string;
}

/** A resource whose document may have been removed. */
export interface StoredResource extends ResourceRef {
  /** The key of its document. */
  readonly key: string;
}

/**
 * One change of a resource: an entry of the change log. It is inserted in the commit that makes
 * the change, and stays when the resource is removed.
 *
 * The key is `org/type/uid/ordinal`. `version` counts the writes of the record itself; the
 * resource's is the ordinal.
 */
export interface ChangeDoc extends Doc, Origin, ResourceRef {
  readonly type: ResourceType;
  /** The version of the resource that the change led to: ten digits, so text order is its order. */
  readonly ordinal: string;
  /** ISO-8601. */
  readonly at: string;
  /** Names of events (`agent.updated`); of a resource without events, names like them. */
  readonly actions: readonly Action[];
  /** See `mainAction`. */
  readonly action: Action;
  /** The id of the actor. */
  readonly actorId: string;
  /** The id of the part that `action` is about, a channel or a tool of an agent. */
  readonly partId?: string;
  /** The parts of an agent that the change wrote. */
  readonly sections?: readonly string[];
  readonly events?: readonly NewEvent[];
  /** What the ids of the events begin with. Those of one process are ordered by time. */
  readonly eventId?: string;
  /** `eventId`, while the events have not been passed on. */
  readonly pending?: string;
}

export const CHANGES = collectionSpec<ChangeDoc>(
  'changes',
  {
    /** Those with events to pass on, oldest first. */
    pending: { eq: [], order: 'pending' },
    /** Newest first, read in reverse. */
    byOrg: { eq: ['org'], order: 'at' },
    /** Those of a request with an idempotency key. */
    byUse: { eq: ['idempotencyUse'], order: 'at' },
    byResource: { eq: ['org', 'type', 'uid'], order: 'ordinal' },
    /** For the filters of the audit log and for live updates. There are few actions: a scan lists those it wants. */
    byAction: { eq: ['org', 'action'], order: 'at' },
    byActor: { eq: ['org', 'actorId', 'action'], order: 'at' },
    byId: { eq: ['org', 'id', 'action'], order: 'at' },
    byActorAndId: { eq: ['org', 'actorId', 'id', 'action'], order: 'at' },
    byPart: { eq: ['org', 'partId', 'action'], order: 'at' },
    byActorAndPart: { eq: ['org', 'actorId', 'partId', 'action'], order: 'at' },
  },
  'org',
);

const ORDINAL_LENGTH = 10;

export function ordinalOf(version: number): string {
  return String(version).padStart(ORDINAL_LENGTH, '0');
}

export function changeKey(type: ResourceType, { org, uid }: ResourceRef, ordinal: string): string {
  return `${org}/${type}/${uid}/${ordinal}`;
}

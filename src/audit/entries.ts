import type { Action } from '../changes/actions.ts';
import type { ChangeDoc, ResourceType } from '../changes/collection.ts';
import type { Actor, Door } from '../domain/origin.ts';
import type { Doc } from '../store/port.ts';

/** A resource, or a part of an agent that has actions of its own. */
export type AuditedType = ResourceType | 'channel';

export interface AuditedResource {
  readonly type: AuditedType;
  readonly id: string;
  /** Of a resource or part that belongs to an agent. */
  readonly agentId?: string;
}

/** A change as the audit log shows it. It names a person by an id, and contains no values. */
export interface AuditEntry extends Doc {
  readonly id: string;
  /** ISO-8601. */
  readonly at: string;
  readonly actor: Actor;
  readonly door: Door;
  readonly requestId?: string;
  readonly action: Action;
  readonly actions: readonly Action[];
  readonly resource: AuditedResource;
  /** The version that the change led to: of the agent, for a part of one. Unset for the loss of a grant. */
  readonly resourceVersion?: number;
  readonly sections?: readonly string[];
  readonly message?: string;
}

/** The fields of a change that an entry consists of: not the values that it replaced. */
export const ENTRY_FIELDS = [
  'org',
  'type',
  'id',
  'agentId',
  'partId',
  'ordinal',
  'at',
  'actor',
  'door',
  'requestId',
  'action',
  'actions',
  'sections',
  'message',
] as const satisfies readonly (keyof ChangeDoc)[];

export function auditEntry(change: ChangeDoc): AuditEntry {
  const { key, version, org, at, actor, door, requestId, action, actions } = change;
  const { type, ordinal, sections, message } = change;
  return {
    key,
    version,
    id: key.slice(org.length + 1).replaceAll('/', '.'),
    at,
    actor,
    door,
    ...(requestId !== undefined && { requestId }),
    action,
    actions,
    resource: resourceOf(change),
    ...(type !== 'tool' && { resourceVersion: Number(ordinal) }),
    ...(sections && { sections }),
    ...(message !== undefined && { message }),
  };
}

/** The type of resource that an action is about. */
export function typeOf(action: Action): AuditedType {
  return action.slice(0, action.indexOf('.')) as AuditedType;
}

function resourceOf({ type, id, agentId, partId, action }: ChangeDoc): AuditedResource {
  if (partId !== undefined) return { type: typeOf(action), id: partId, agentId: id };
  return { type, id, ...(agentId !== undefined && { agentId }) };
}

import type { Agent } from './agents.ts';
import { DomainError, invalid } from './errors.ts';
import { type ItemChange, withItem } from './items.ts';
import { mergePatch } from './patch.ts';

/** How agents reach their users (reference, "Channels"). */
export const CHANNEL_NAMES = [
  'rcs',
  'appleMessages',
  'whatsapp',
  'sms',
  'webchat',
  'viber',
  'instagram',
  'slack',
  'poe',
] as const;
export type ChannelName = (typeof CHANNEL_NAMES)[number];

export const CHANNEL_MODES = ['managed', 'unmanaged'] as const;
export type ChannelMode = (typeof CHANNEL_MODES)[number];

export const CHANNEL_STATUSES = [
  'Requested',
  'Provisioning',
  'ActionRequired',
  'Active',
  'Failed',
  'Disabled',
] as const;
export type ChannelBindingStatus = (typeof CHANNEL_STATUSES)[number];

/** Actors of a status change: `operator` calls the API, `sysop` runs this service, `system` is the service. */
export const CHANNEL_ACTORS = ['operator', 'sysop', 'system'] as const;
export type ChannelActor = (typeof CHANNEL_ACTORS)[number];

export interface ChannelEvent {
  /** ISO-8601. */
  readonly at: string;
  readonly from?: ChannelBindingStatus;
  readonly to: ChannelBindingStatus;
  readonly note?: string;
  readonly actor: ChannelActor;
}

export interface ChannelDelivery {
  /** No pacing if unset. */
  readonly minMessageDelayMs?: number;
}

export interface ChannelCompliance {
  readonly enabled: boolean;
  readonly disclaimerText?: string;
}

/** A channel that is bound to an agent, as stored in the agent's document. */
export interface ChannelBinding {
  readonly id: string;
  readonly channel: ChannelName;
  readonly mode: ChannelMode;
  /** Unmanaged only: the provider whose account serves the channel. */
  readonly provider?: string;
  /** Unmanaged only: the id of its credentials in the secret store. Never returned. */
  readonly authId?: string;
  readonly status: ChannelBindingStatus;
  readonly statusDetail?: string;
  /** Oldest first. */
  readonly events: readonly ChannelEvent[];
  readonly routingId?: string;
  /** Managed only. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly delivery?: ChannelDelivery;
  readonly compliance?: ChannelCompliance;
}

/** The statuses that may follow each status (decisions, "Channels"). */
const MOVES: Readonly<Record<ChannelBindingStatus, readonly ChannelBindingStatus[]>> = {
  Requested: ['Provisioning', 'Failed'],
  Provisioning: ['ActionRequired', 'Active', 'Failed'],
  ActionRequired: ['Provisioning', 'Failed'],
  Active: ['Disabled', 'Failed'],
  Disabled: ['Active'],
  Failed: [],
};

/** Statuses that need a detail: the action to take, or the reason of the failure. */
const NEEDS_DETAIL: readonly ChannelBindingStatus[] = ['ActionRequired', 'Failed'];

const MAX_EVENTS = 200;
const MAX_TEXT_LENGTH = 1_000;

export interface ChannelMove {
  readonly to: ChannelBindingStatus;
  /** Stored in the binding's events, after the detail. */
  readonly note?: string | undefined;
  /** Explains the status to the agent's operator. Stored in the binding's events too. */
  readonly detail?: string | undefined;
  /** The provider's id of the binding, once it has one. */
  readonly routingId?: string | undefined;
  readonly actor: ChannelActor;
  /** ISO-8601. */
  readonly at: string;
}

/** @throws DomainError `channel.move_refused`, `request.invalid` on a missing detail */
export function moveChannelBinding(binding: ChannelBinding, move: ChannelMove): ChannelBinding {
  const { to, detail, routingId } = move;
  const targets = MOVES[binding.status];
  if (!targets.includes(to)) {
    const possible = targets.length > 0 ? targets.join(' or ') : 'nothing else';
    throw new DomainError(
      'channel.move_refused',
      `the binding is ${binding.status}: it can become ${possible}, not ${to}`,
    );
  }
  const problems = [
    ...(NEEDS_DETAIL.includes(to) && !detail?.trim()
      ? [{ path: 'detail', message: `is required: it explains ${to} to the agent's operator` }]
      : []),
    ...(['detail', 'note', 'routingId'] as const).flatMap((path) =>
      (move[path]?.length ?? 0) > MAX_TEXT_LENGTH
        ? [{ path, message: `must have at most ${MAX_TEXT_LENGTH} characters` }]
        : [],
    ),
  ];
  if (problems.length > 0) throw invalid(problems);
  const { statusDetail: _, ...rest } = binding;
  return {
    ...rest,
    status: to,
    events: withChannelEvent(binding.events, channelEventOf(binding.status, move)),
    ...(detail && { statusDetail: detail }),
    ...(routingId && { routingId }),
  };
}

/**
 * Disables a binding. A disabled one is returned unchanged.
 *
 * @throws DomainError `channel.move_refused` unless it is Active
 */
export function disableChannelBinding(binding: ChannelBinding, at: string): ChannelBinding {
  if (binding.status === 'Disabled') return binding;
  return moveChannelBinding(binding, { to: 'Disabled', actor: 'operator', at });
}

/**
 * Restores the status that a binding had before it was disabled. An Active one is
 * returned unchanged.
 *
 * @throws DomainError `channel.move_refused` in any other status
 */
export function enableChannelBinding(binding: ChannelBinding, at: string): ChannelBinding {
  if (binding.status === 'Active') return binding;
  if (binding.status !== 'Disabled') {
    throw new DomainError(
      'channel.move_refused',
      `the binding is ${binding.status}: only a Disabled binding can be enabled`,
    );
  }
  const was = binding.events.findLast(({ to }) => to === 'Disabled')?.from ?? 'Active';
  return moveChannelBinding(binding, { to: was, actor: 'operator', at });
}

export function channelEventOf(
  from: ChannelBindingStatus,
  { at, to, detail, note, actor }: ChannelMove,
): ChannelEvent {
  const text = [detail, note].filter(Boolean).join('\n');
  return { at, from, to, ...(text && { note: text }), actor };
}

/** Keeps at most `MAX_EVENTS`: the first event and the latest ones. */
export function withChannelEvent(
  events: readonly ChannelEvent[],
  event: ChannelEvent,
): readonly ChannelEvent[] {
  if (events.length < MAX_EVENTS) return [...events, event];
  return [...events.slice(0, 1), ...events.slice(2 - MAX_EVENTS), event];
}

/** The ids of the credentials of an agent's channels in the secret store. */
export function authIdsOf({ channels = [] }: Pick<Agent, 'channels'>): readonly string[] {
  return channels.flatMap(({ authId }) => authId ?? []);
}

/** The parts of an agent that contain bindings. */
type Bound = Pick<Agent, 'channels' | 'archivedRcs'>;

/** A binding to be created. */
export interface NewChannelBinding {
  readonly id: string;
  readonly channel: ChannelName;
  readonly mode: ChannelMode;
  readonly status: ChannelBindingStatus;
  readonly provider?: string;
  readonly authId?: string;
  readonly routingId?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/**
 * Adds a binding; an agent has at most one live binding per channel. An archived managed
 * RCS binding is restored in place of a new one, with its id and events. If it was in
 * service, it is Active and keeps the inputs that its carriers verified; otherwise it is a
 * new request.
 *
 * @param at ISO-8601
 * @throws DomainError `channel.already_bound`
 */
export function addChannelBinding<A extends Bound>(
  agent: A,
  fresh: NewChannelBinding,
  actor: ChannelActor,
  at: string,
): { agent: A; binding: ChannelBinding } {
  const { channels = [], archivedRcs } = agent;
  if (channels.some(({ channel }) => channel === fresh.channel)) {
    throw new DomainError(
      'channel.already_bound',
      `the agent already has a binding of ${fresh.channel}`,
    );
  }
  const back = archivedRcs && isArchivable(fresh);
  const binding = back
    ? restored(archivedRcs, fresh, actor, at)
    : { ...fresh, events: [{ at, to: fresh.status, actor }] };
  const bound = { channels: [...channels, binding], ...(back && { archivedRcs: null }) };
  return { agent: mergePatch<Bound>(agent, bound) as A, binding };
}

/**
 * Removes a binding from an agent. Managed RCS is archived, so that its carriers need not
 * verify it again.
 *
 * @returns the item before its removal
 * @throws DomainError `channel.not_found`
 */
export function removeChannelBinding(agent: Agent, id: string): ItemChange<AgentChannel> {
  const binding = channelBindingOf(agent, id);
  const channels = agent.channels?.filter((it) => it !== binding) ?? [];
  const archive = isArchivable(binding) && { archivedRcs: binding };
  return { agent: { ...agent, channels, ...archive }, item: withAgentId(agent, binding) };
}

/** @throws DomainError `channel.not_found`, and what `fn` throws */
export function changeChannelBinding(
  agent: Agent,
  id: string,
  fn: (binding: ChannelBinding) => ChannelBinding,
): ItemChange<AgentChannel> {
  const binding = channelBindingOf(agent, id);
  const changed = fn(binding);
  const item = withAgentId(agent, changed);
  if (changed === binding) return { agent, item };
  return { agent: { ...agent, channels: withItem(agent.channels ?? [], changed) }, item };
}

/** @throws DomainError `channel.not_found` */
export function channelBindingOf(
  { channels = [] }: Pick<Agent, 'channels'>,
  id: string,
): ChannelBinding {
  const binding = channels.find((it) => it.id === id);
  if (!binding) throw new DomainError('channel.not_found', `there is no channel binding '${id}'`);
  return binding;
}

/** A binding as the API returns it: with the id of its agent. */
export interface AgentChannel extends ChannelBinding {
  readonly agentId: string;
}

export function withAgentId(
  { id: agentId }: Pick<Agent, 'id'>,
  binding: ChannelBinding,
): AgentChannel {
  return { ...binding, agentId };
}

/** The live bindings, oldest first. */
export function channelsOf(agent: Pick<Agent, 'id' | 'channels'>): readonly AgentChannel[] {
  return (agent.channels ?? []).map((binding) => withAgentId(agent, binding));
}

/** @throws DomainError `channel.not_found` */
export function channelOf(agent: Pick<Agent, 'id' | 'channels'>, id: string): AgentChannel {
  return withAgentId(agent, channelBindingOf(agent, id));
}

/** Whether carriers, if the channel has any, have verified the binding's inputs. */
export function wasInService({ status }: Pick<ChannelBinding, 'status'>): boolean {
  return status === 'Active' || status === 'Disabled';
}

function isArchivable({ channel, mode }: Pick<ChannelBinding, 'channel' | 'mode'>): boolean {
  return channel === 'rcs' && mode === 'managed';
}

function restored(
  archived: ChannelBinding,
  { status, inputs }: NewChannelBinding,
  actor: ChannelActor,
  at: string,
): ChannelBinding {
  const { statusDetail: _, ...rest } = archived;
  const verified = wasInService(archived);
  const to = verified ? 'Active' : status;
  const note = verified
    ? 'Restored from the archive, as verified by its carriers.'
    : 'Restored from the archive as a new request.';
  return {
    ...rest,
    status: to,
    ...(!verified && inputs && { inputs }),
    events: withChannelEvent(
      archived.events,
      channelEventOf(archived.status, { to, actor, at, note }),
    ),
  };
}

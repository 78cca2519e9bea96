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

/** Who moved a binding: a caller of the API, an operator of this service, or the service itself. */
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
  /** Unset is no pacing. */
  readonly minMessageDelayMs?: number;
}

export interface ChannelCompliance {
  readonly enabled: boolean;
  readonly disclaimerText?: string;
}

/** A channel wired to an agent, as the agent's document holds it. */
export interface ChannelBinding {
  readonly id: string;
  readonly channel: ChannelName;
  readonly mode: ChannelMode;
  /** Unmanaged only: whose account serves the channel. */
  readonly provider?: string;
  /** Unmanaged only: where its credentials are in the secret store. Never shown. */
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

/** Where a binding may go from each status (decisions, "Channels"). */
const MOVES: Readonly<Record<ChannelBindingStatus, readonly ChannelBindingStatus[]>> = {
  Requested: ['Provisioning', 'Failed'],
  Provisioning: ['ActionRequired', 'Active', 'Failed'],
  ActionRequired: ['Provisioning', 'Failed'],
  Active: ['Disabled', 'Failed'],
  Disabled: ['Active'],
  Failed: [],
};

/** Statuses that say nothing without a detail: what to do, or what went wrong. */
const EXPLAINED: readonly ChannelBindingStatus[] = ['ActionRequired', 'Failed'];

const MAX_EVENTS = 200;
const MAX_TEXT_LENGTH = 1_000;

export interface ChannelMove {
  readonly to: ChannelBindingStatus;
  /** For the history. */
  readonly note?: string | undefined;
  /** What the status means here, for the agent's operator. */
  readonly detail?: string | undefined;
  /** The provider-side id, once there is one. */
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
    const possible = targets.length > 0 ? `only to ${targets.join(' or ')}` : 'nowhere';
    throw new DomainError(
      'channel.move_refused',
      `the binding is ${binding.status} and cannot become ${to}; from there it goes ${possible}`,
    );
  }
  const problems = [
    ...(EXPLAINED.includes(to) && !detail?.trim()
      ? [{ path: 'detail', message: `is required: it explains ${to} to the agent's operator` }]
      : []),
    ...(['detail', 'note', 'routingId'] as const).flatMap((path) =>
      (move[path]?.length ?? 0) > MAX_TEXT_LENGTH
        ? [{ path, message: `may take ${MAX_TEXT_LENGTH} characters at the most` }]
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
 * Switches a binding off; one that is off already stays as it is.
 *
 * @throws DomainError `channel.move_refused` unless it is Active
 */
export function disableChannelBinding(binding: ChannelBinding, at: string): ChannelBinding {
  if (binding.status === 'Disabled') return binding;
  return moveChannelBinding(binding, { to: 'Disabled', actor: 'operator', at });
}

/**
 * Returns a binding to what it was before it was switched off; one that is
 * Active stays as it is.
 *
 * @throws DomainError `channel.move_refused` on one that is on its way to Active, or failed
 */
export function enableChannelBinding(binding: ChannelBinding, at: string): ChannelBinding {
  if (binding.status === 'Active') return binding;
  if (binding.status !== 'Disabled') {
    throw new DomainError(
      'channel.move_refused',
      `the binding is ${binding.status}: only a Disabled one can be enabled`,
    );
  }
  const was = binding.events.findLast(({ to }) => to === 'Disabled')?.from ?? 'Active';
  return moveChannelBinding(binding, { to: was, actor: 'operator', at });
}

export function channelEventOf(
  from: ChannelBindingStatus,
  { at, to, note, actor }: ChannelMove,
): ChannelEvent {
  return { at, from, to, ...(note && { note }), actor };
}

/** Bounded: the first event stays, and the latest of the others. */
export function withChannelEvent(
  events: readonly ChannelEvent[],
  event: ChannelEvent,
): readonly ChannelEvent[] {
  if (events.length < MAX_EVENTS) return [...events, event];
  return [...events.slice(0, 1), ...events.slice(2 - MAX_EVENTS), event];
}

/** The parts of an agent that bindings are in. */
type Bound = Pick<Agent, 'channels' | 'archivedRcs'>;

/** A binding that is about to be made. */
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
 * Adds a binding: one live binding per channel. A managed RCS binding that was
 * archived comes back in place of a new one, with its id and history: Active
 * and as its carriers verified it when it was in service, else as a request
 * filed anew.
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
      `the agent has a binding of ${fresh.channel} already`,
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
 * Takes a binding off an agent. Managed RCS is archived, so that what its
 * carriers verified is kept.
 *
 * @returns the item as it was
 * @throws DomainError `channel.not_found`
 */
export function removeChannelBinding(agent: Agent, id: string): ItemChange<AgentChannel> {
  const binding = channelBindingOf(agent, id);
  const channels = agent.channels?.filter((it) => it !== binding) ?? [];
  const archive = isArchivable(binding) && { archivedRcs: binding };
  return { agent: { ...agent, channels, ...archive }, item: shownOn(agent, binding) };
}

/** @throws DomainError `channel.not_found`, and what `fn` throws */
export function changeChannelBinding(
  agent: Agent,
  id: string,
  fn: (binding: ChannelBinding) => ChannelBinding,
): ItemChange<AgentChannel> {
  const binding = channelBindingOf(agent, id);
  const changed = fn(binding);
  const item = shownOn(agent, changed);
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

/** A binding as it is shown: with the agent it is of. */
export interface AgentChannel extends ChannelBinding {
  readonly agentId: string;
}

export function shownOn({ id: agentId }: Pick<Agent, 'id'>, binding: ChannelBinding): AgentChannel {
  return { ...binding, agentId };
}

/** The live bindings, oldest first. */
export function channelsOf(agent: Pick<Agent, 'id' | 'channels'>): readonly AgentChannel[] {
  return (agent.channels ?? []).map((binding) => shownOn(agent, binding));
}

/** @throws DomainError `channel.not_found` */
export function channelOf(agent: Pick<Agent, 'id' | 'channels'>, id: string): AgentChannel {
  return shownOn(agent, channelBindingOf(agent, id));
}

/** Whether whoever serves the channel knows the binding as it is: its inputs are settled. */
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
    ? 'Restored from the archive, as its carriers verified it.'
    : 'Restored from the archive, as a new request.';
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

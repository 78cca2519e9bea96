import type { Agent } from './agent.ts';
import {
  type ChannelActor,
  type ChannelBinding,
  type ChannelBindingStatus,
  type ChannelMode,
  type ChannelName,
  eventOf,
  withEvent,
} from './channel.ts';
import { DomainError } from './errors.ts';
import { type ItemChange, withItem } from './items.ts';
import { mergePatch } from './patch.ts';

/** The parts of an agent that bindings are in. */
type Bound = Pick<Agent, 'channels' | 'archivedRcs'>;

/** A binding that is about to be made. */
export interface NewBinding {
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
export function addBinding<A extends Bound>(
  agent: A,
  fresh: NewBinding,
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
export function removeBinding(agent: Agent, id: string): ItemChange<AgentChannel> {
  const binding = bindingOf(agent, id);
  const channels = agent.channels?.filter((it) => it !== binding) ?? [];
  const archive = isArchivable(binding) && { archivedRcs: binding };
  return { agent: { ...agent, channels, ...archive }, item: shownOn(agent, binding) };
}

/** @throws DomainError `channel.not_found`, and what `fn` throws */
export function changeBinding(
  agent: Agent,
  id: string,
  fn: (binding: ChannelBinding) => ChannelBinding,
): ItemChange<AgentChannel> {
  const binding = bindingOf(agent, id);
  const changed = fn(binding);
  const item = shownOn(agent, changed);
  if (changed === binding) return { agent, item };
  return { agent: { ...agent, channels: withItem(agent.channels ?? [], changed) }, item };
}

/** @throws DomainError `channel.not_found` */
export function bindingOf({ channels = [] }: Pick<Agent, 'channels'>, id: string): ChannelBinding {
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
  return shownOn(agent, bindingOf(agent, id));
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
  { status, inputs }: NewBinding,
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
    events: withEvent(archived.events, eventOf(archived.status, { to, actor, at, note })),
  };
}

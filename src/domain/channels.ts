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
): A {
  const { channels = [], archivedRcs } = agent;
  if (channels.some(({ channel }) => channel === fresh.channel)) {
    throw new DomainError(
      'channel.already_bound',
      `the agent has a binding of ${fresh.channel} already`,
    );
  }
  if (archivedRcs && isArchivable(fresh)) {
    const back = restored(archivedRcs, fresh, actor, at);
    return mergePatch<Bound>(agent, { channels: [...channels, back], archivedRcs: null }) as A;
  }
  const first = { ...fresh, events: [{ at, to: fresh.status, actor }] };
  return { ...agent, channels: [...channels, first] };
}

/**
 * Takes a binding off an agent. Managed RCS is archived, so that what its
 * carriers verified is kept.
 *
 * @throws DomainError `channel.not_found`
 */
export function removeBinding(agent: Agent, id: string): Agent {
  const binding = bindingOf(agent, id);
  const channels = agent.channels?.filter((it) => it !== binding) ?? [];
  return { ...agent, channels, ...(isArchivable(binding) && { archivedRcs: binding }) };
}

/** @throws DomainError `channel.not_found`, and what `fn` throws */
export function changeBinding(
  agent: Agent,
  id: string,
  fn: (binding: ChannelBinding) => ChannelBinding,
): Agent {
  const binding = bindingOf(agent, id);
  const changed = fn(binding);
  if (changed === binding) return agent;
  const channels = agent.channels?.map((it) => (it === binding ? changed : it)) ?? [];
  return { ...agent, channels };
}

/** @throws DomainError `channel.not_found` */
export function bindingOf({ channels = [] }: Pick<Agent, 'channels'>, id: string): ChannelBinding {
  const binding = channels.find((it) => it.id === id);
  if (!binding) throw new DomainError('channel.not_found', `there is no channel binding '${id}'`);
  return binding;
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

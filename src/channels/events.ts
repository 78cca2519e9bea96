import { isDeepStrictEqual } from 'node:util';
import type { Agent } from '../domain/agents.ts';
import type { ChannelBinding } from '../domain/channels.ts';
import type { NewEvent } from '../domain/events.ts';

/** What a change of an agent did to its channel bindings. */
export function channelEvents(before: Agent, after: Agent): readonly NewEvent[] {
  const old = byId(before);
  const now = byId(after);
  const removed = [...old.keys()].filter((id) => !now.has(id));
  return [
    ...removed.map((id): NewEvent => ({ type: 'channel.deleted', data: subject(after, id) })),
    ...[...now.values()].flatMap((binding) => bindingEvents(after, old.get(binding.id), binding)),
  ];
}

function bindingEvents(
  agent: Agent,
  old: ChannelBinding | undefined,
  now: ChannelBinding,
): readonly NewEvent[] {
  const data = subject(agent, now.id);
  if (!old) return [{ type: 'channel.created', data }];
  if (old.status !== now.status) {
    const { channel, status: to } = now;
    return [{ type: 'channel.status_changed', data: { ...data, channel, from: old.status, to } }];
  }
  return isDeepStrictEqual(old, now) ? [] : [{ type: 'channel.updated', data }];
}

function subject(agent: Agent, id: string) {
  return { id, orgId: agent.org, agentId: agent.id };
}

function byId({ channels = [] }: Agent): ReadonlyMap<string, ChannelBinding> {
  return new Map(channels.map((binding) => [binding.id, binding]));
}

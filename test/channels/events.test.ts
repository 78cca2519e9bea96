import { expect, it } from 'vitest';
import { channelEvents } from '../../src/channels/events.ts';
import type { Agent } from '../../src/domain/agents.ts';
import type { ChannelBinding } from '../../src/domain/channels.ts';

const base = {
  org: 'acme',
  id: 'a',
  uid: 'u',
  historyId: 'u',
  version: 1,
  name: 'A',
  identity: {},
  createdAt: '',
  updatedAt: '',
};
const agent = (...channels: ChannelBinding[]): Agent => ({ ...base, channels });
const rcs: ChannelBinding = {
  id: 'chan_1',
  channel: 'rcs',
  mode: 'managed',
  status: 'Requested',
  events: [],
  inputs: { brandName: 'A' },
};
const other: ChannelBinding = { ...rcs, id: 'chan_2', channel: 'webchat' };
const data = { id: 'chan_1', orgId: 'acme', agentId: 'a' };

it.each([
  ['a new binding', agent(other), agent(other, rcs), [{ type: 'channel.created', data }]],
  ['a removed binding', agent(rcs, other), agent(other), [{ type: 'channel.deleted', data }]],
  [
    'a status change',
    agent(rcs),
    agent({ ...rcs, status: 'Provisioning' }),
    [
      {
        type: 'channel.status_changed',
        data: { ...data, channel: 'rcs', from: 'Requested', to: 'Provisioning' },
      },
    ],
  ],
  [
    'changed inputs',
    agent(rcs),
    agent({ ...rcs, inputs: { brandName: 'B' } }),
    [{ type: 'channel.updated', data }],
  ],
  ['nothing', agent(rcs), agent({ ...rcs }), []],
])('reports %s', (_, before, after, events) => {
  expect(channelEvents(before, after)).toEqual(events);
});

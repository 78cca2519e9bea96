import { agentQuery, itemMutation, type Route } from '../route.ts';

const CHANNEL = `{
  id agentId channel provider mode status statusDetail
  events { at from to note actor }
  routingId inputs delivery { minMessageDelayMs } compliance { enabled disclaimerText }
}`;
const ITEM = `channel ${CHANNEL}`;

const channels = '/orgs/{org}/agents/{agent}/channels';
const channel = `${channels}/{bindingId}`;

export const channelRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: channels,
    summary: "Lists the agent's channel bindings",
    operation: agentQuery(`channels ${CHANNEL}`),
    pick: 'org.agent.channels',
  },
  {
    method: 'POST',
    path: channels,
    summary: 'Binds a channel to the agent',
    operation: itemMutation('createChannel', ITEM, 'CreateChannelInput!'),
    example: {
      channel: 'viber',
      mode: 'unmanaged',
      provider: 'viber',
      auth: { botUri: 'acme', authToken: '4453b6ac12345678-9ab0cdef12345678' },
    },
    pick: 'createChannel.channel',
    status: 201,
  },
  {
    method: 'GET',
    path: channel,
    summary: 'Returns a channel binding',
    operation: agentQuery(`channel(id: $bindingId) ${CHANNEL}`, '$bindingId: ID!'),
    pick: 'org.agent.channel',
  },
  {
    method: 'PATCH',
    path: channel,
    summary: 'Changes a channel binding',
    operation: itemMutation('updateChannel', ITEM, 'UpdateChannelInput!', 'bindingId'),
    example: { delivery: { minMessageDelayMs: 500 } },
    pick: 'updateChannel.channel',
  },
  {
    method: 'DELETE',
    path: channel,
    summary: 'Removes a channel binding',
    operation: itemMutation('deleteChannel', ITEM, undefined, 'bindingId'),
    pick: 'deleteChannel.channel',
  },
  {
    method: 'POST',
    path: `${channel}/_disable`,
    summary: 'Disables a channel binding',
    operation: itemMutation('disableChannel', ITEM, undefined, 'bindingId'),
    pick: 'disableChannel.channel',
  },
  {
    method: 'POST',
    path: `${channel}/_enable`,
    summary: 'Enables a channel binding',
    operation: itemMutation('enableChannel', ITEM, undefined, 'bindingId'),
    pick: 'enableChannel.channel',
  },
];

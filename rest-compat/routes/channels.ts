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
    operation: agentQuery(`channels ${CHANNEL}`),
    pick: 'org.agent.channels',
  },
  {
    method: 'POST',
    path: channels,
    operation: itemMutation('createChannel', ITEM, 'CreateChannelInput!'),
    pick: 'createChannel.channel',
    status: 201,
  },
  {
    method: 'GET',
    path: channel,
    operation: agentQuery(`channel(id: $bindingId) ${CHANNEL}`, '$bindingId: ID!'),
    pick: 'org.agent.channel',
  },
  {
    method: 'PATCH',
    path: channel,
    operation: itemMutation('updateChannel', ITEM, 'UpdateChannelInput!', 'bindingId'),
    pick: 'updateChannel.channel',
  },
  {
    method: 'DELETE',
    path: channel,
    operation: itemMutation('deleteChannel', ITEM, undefined, 'bindingId'),
    pick: 'deleteChannel.channel',
  },
  {
    method: 'POST',
    path: `${channel}/_disable`,
    operation: itemMutation('disableChannel', ITEM, undefined, 'bindingId'),
    pick: 'disableChannel.channel',
  },
  {
    method: 'POST',
    path: `${channel}/_enable`,
    operation: itemMutation('enableChannel', ITEM, undefined, 'bindingId'),
    pick: 'enableChannel.channel',
  },
];

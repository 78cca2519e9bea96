import {
  type AgentChannel,
  CHANNEL_ACTORS,
  CHANNEL_MODES,
  CHANNEL_NAMES,
  CHANNEL_STATUSES,
  type ChannelBinding,
  type ChannelCompliance,
  type ChannelDelivery,
  type ChannelEvent,
  channelOf,
  channelsOf,
} from '../src/domain/channels.ts';
import { addAgentItems } from './agent-items.ts';
import { builder } from './builder.ts';
import { enumOf } from './enums.ts';

export const ChannelNameEnum = enumOf(
  'ChannelName',
  'A messaging channel between an agent and its users.',
  CHANNEL_NAMES,
  {
    webchat: "A chat on the org's own web pages.",
    sms: 'Text messages.',
    rcs: 'Rich Communication Services: rich messages on a phone, through its carrier.',
    whatsapp: 'WhatsApp.',
    instagram: 'Instagram messages.',
    appleMessages: 'Apple Messages for Business.',
    viber: 'Viber.',
    slack: 'Slack.',
    poe: 'Poe.',
  },
);
export const ChannelModeEnum = enumOf(
  'ChannelMode',
  'The party that connects a channel to its provider.',
  CHANNEL_MODES,
  {
    managed:
      'This service provisions the channel: it chooses the provider, holds the credentials and runs the workflow of the carrier.',
    unmanaged: 'The org brings its own account with a provider, and its credentials.',
  },
);
const ChannelStatusEnum = enumOf(
  'ChannelBindingStatus',
  'The status of a channel binding.',
  CHANNEL_STATUSES,
  {
    Requested: 'The request is filed and in progress.',
    Provisioning: 'The workflow of the carrier or platform is in progress.',
    ActionRequired: "The agent's operator must act: `statusDetail` says how.",
    Active: 'The channel is in service.',
    Failed: 'The channel cannot be provisioned: `statusDetail` says why.',
    Disabled: 'The channel is switched off until it is enabled.',
  },
);
const ChannelActorEnum = enumOf(
  'ChannelActor',
  'The party that changed the status of a binding.',
  CHANNEL_ACTORS,
  {
    operator: "The agent's operator, through this API.",
    sysop: 'An operator of this service.',
    system: 'The service itself.',
  },
);

export const about = {
  provider: 'Unmanaged only: the provider of the account, by its id in the channels catalog.',
  inputs: 'Managed only: the business inputs. The channels catalog has their form.',
  delivery: 'The delivery settings.',
  compliance: 'The carrier compliance settings; rcs and sms only.',
  minMessageDelayMs:
    'The minimum delay between two messages to one user, 250 to 3000 ms. No delay if unset.',
  enabled:
    'Whether the disclaimer is sent and the CTIA keywords (STOP, HELP, START …) are answered. False by default.',
  disclaimerText: 'Replaces the stock disclaimer.',
} as const;

/** The description of a binding's id as an argument. */
export const CHANNEL_ID = "The channel binding's id.";

const ChannelEventType = builder.objectRef<ChannelEvent>('ChannelEvent').implement({
  description: 'A change of the status of a binding.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When the status changed.' }),
    from: t.expose('from', {
      type: ChannelStatusEnum,
      nullable: true,
      description: 'The previous status. Unset for the first one.',
    }),
    to: t.expose('to', { type: ChannelStatusEnum, description: 'The new status.' }),
    note: t.exposeString('note', { nullable: true, description: 'A human-readable reason.' }),
    actor: t.expose('actor', {
      type: ChannelActorEnum,
      description: 'The party that changed the status.',
    }),
  }),
});

const ChannelDeliveryType = builder.objectRef<ChannelDelivery>('ChannelDelivery').implement({
  description: about.delivery,
  fields: (t) => ({
    minMessageDelayMs: t.exposeInt('minMessageDelayMs', {
      nullable: true,
      description: about.minMessageDelayMs,
    }),
  }),
});

const ChannelComplianceType = builder.objectRef<ChannelCompliance>('ChannelCompliance').implement({
  description: about.compliance,
  fields: (t) => ({
    enabled: t.exposeBoolean('enabled', { description: about.enabled }),
    disclaimerText: t.exposeString('disclaimerText', {
      nullable: true,
      description: about.disclaimerText,
    }),
  }),
});

export const ChannelBindingRef = builder.objectRef<AgentChannel>('ChannelBinding').implement({
  description:
    'The binding of a channel to an agent. An agent has at most one binding per channel. Credentials are never shown.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id: minted, immutable.' }),
    agentId: t.exposeID('agentId', { description: 'The id of the agent.' }),
    channel: t.expose('channel', { type: ChannelNameEnum, description: 'The channel.' }),
    provider: t.exposeString('provider', { nullable: true, description: about.provider }),
    mode: t.expose('mode', {
      type: ChannelModeEnum,
      description: 'The party that connects the channel.',
    }),
    status: t.expose('status', { type: ChannelStatusEnum, description: 'The status.' }),
    statusDetail: t.exposeString('statusDetail', {
      nullable: true,
      description: 'A human-readable explanation of the status.',
    }),
    events: t.field({
      type: [ChannelEventType],
      description:
        'The changes of the status, oldest first. If there are very many, the first and the latest ones.',
      resolve: ({ events }: ChannelBinding) => [...events],
    }),
    routingId: t.exposeString('routingId', {
      nullable: true,
      description: "The provider's id of the channel, for display only.",
    }),
    inputs: t.expose('inputs', { type: 'JSONObject', nullable: true, description: about.inputs }),
    delivery: t.expose('delivery', {
      type: ChannelDeliveryType,
      nullable: true,
      description: about.delivery,
    }),
    compliance: t.expose('compliance', {
      type: ChannelComplianceType,
      nullable: true,
      description: about.compliance,
    }),
  }),
});

addAgentItems({
  list: 'channels',
  item: 'channel',
  type: ChannelBindingRef,
  noun: 'channel binding',
  description: "The agent's channel bindings, oldest first.",
  id: CHANNEL_ID,
  notFound: 'channel.not_found',
  reads: ['channels'],
  all: channelsOf,
  one: channelOf,
});

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
import { builder } from './builder.ts';
import { enumOf } from './enums.ts';
import { AgentRef } from './refs.ts';

export const ChannelNameEnum = enumOf(
  'ChannelName',
  'How an agent reaches its users.',
  CHANNEL_NAMES,
  {
    webchat: "A chat on the org's own pages.",
    sms: 'Text messages.',
    rcs: 'Rich messages of a phone, by its carrier.',
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
  'Who connects a channel to its provider.',
  CHANNEL_MODES,
  {
    managed: 'It is provisioned here: provider, credentials and the carriers’ workflow.',
    unmanaged: 'An own account with a provider, by its credentials.',
  },
);
const ChannelStatusEnum = enumOf(
  'ChannelBindingStatus',
  'How far a binding is.',
  CHANNEL_STATUSES,
  {
    Requested: 'The request is filed, and being worked on.',
    Provisioning: 'The workflow of the carrier or platform is under way.',
    ActionRequired: "It is the agent's operator who has to act: `statusDetail` says how.",
    Active: 'In service.',
    Failed: 'It will not come to anything: `statusDetail` says why.',
    Disabled: 'Switched off, until it is enabled.',
  },
);
const ChannelActorEnum = enumOf('ChannelActor', 'Who moved a binding.', CHANNEL_ACTORS, {
  operator: "The agent's operator, by this API.",
  sysop: 'An operator of this service.',
  system: 'The service itself.',
});

export const about = {
  provider: 'Unmanaged only: whose account serves the channel, as the channels catalog names it.',
  inputs: 'Managed only: the business inputs, by the form in the channels catalog.',
  delivery: 'How messages are delivered.',
  compliance: 'Carrier compliance (rcs and sms only).',
  minMessageDelayMs:
    'At least this long between two messages to one user, 250 to 3000 ms; no pacing when unset.',
  enabled: 'Whether the disclaimer is sent and the CTIA keywords are answered; off by default.',
  disclaimerText: 'Instead of the stock disclaimer, at most 1000 characters.',
} as const;

const ChannelEventType = builder.objectRef<ChannelEvent>('ChannelEvent').implement({
  description: 'A move of a binding from one status to another.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    from: t.expose('from', {
      type: ChannelStatusEnum,
      nullable: true,
      description: 'Unset where it began.',
    }),
    to: t.expose('to', { type: ChannelStatusEnum, description: 'What it became.' }),
    note: t.exposeString('note', { nullable: true, description: 'Why, in words for people.' }),
    actor: t.expose('actor', { type: ChannelActorEnum, description: 'Who moved it.' }),
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
    'A channel wired to an agent; one live binding per channel. Credentials are never shown.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Minted, immutable.' }),
    agentId: t.exposeID('agentId', { description: 'The agent it belongs to.' }),
    channel: t.expose('channel', { type: ChannelNameEnum, description: 'The channel.' }),
    provider: t.exposeString('provider', { nullable: true, description: about.provider }),
    mode: t.expose('mode', { type: ChannelModeEnum, description: 'Who connects it.' }),
    status: t.expose('status', { type: ChannelStatusEnum, description: 'How far it is.' }),
    statusDetail: t.exposeString('statusDetail', {
      nullable: true,
      description: 'What the status means here, in words for people.',
    }),
    events: t.field({
      type: [ChannelEventType],
      description: 'The moves so far, oldest first; of very many, the first and the latest.',
      resolve: ({ events }: ChannelBinding) => [...events],
    }),
    routingId: t.exposeString('routingId', {
      nullable: true,
      description: "The provider's id of it; for display only.",
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

builder.objectFields(AgentRef, (t) => ({
  channels: t.field({
    type: [ChannelBindingRef],
    reads: ['channels'],
    description: 'The channels it is wired to, oldest first.',
    resolve: (agent) => [...channelsOf(agent)],
  }),
  channel: t.field({
    type: ChannelBindingRef,
    nullable: true,
    description:
      'One of its channel bindings. Null, with an error `channel.not_found`, when there is none of that id.',
    reads: ['channels'],
    args: { id: t.arg.id({ required: true, description: "The binding's id." }) },
    resolve: (agent, { id }) => channelOf(agent, id),
  }),
}));

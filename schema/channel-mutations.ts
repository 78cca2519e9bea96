import { MAX_DELAY_MS, MIN_DELAY_MS } from '../src/domain/channel-requests.ts';
import type { AgentChannel } from '../src/domain/channels.ts';
import type { ItemChange } from '../src/domain/items.ts';
import { itemPayload } from './agent-items.ts';
import { serviceMutation } from './agent-mutations.ts';
import { idArg, inputArg } from './args.ts';
import { builder } from './builder.ts';
import {
  about,
  CHANNEL_ID,
  ChannelBindingRef,
  ChannelModeEnum,
  ChannelNameEnum,
} from './channels.ts';
import { TEXT } from './texts.ts';

const CREDENTIALS =
  'Unmanaged only: the credentials. The channels catalog has their form for each provider. They are never shown.';

const CreateChannelInput = builder.inputType('CreateChannelInput', {
  description: 'A channel to bind: managed with `inputs`, or unmanaged with `provider` and `auth`.',
  fields: (t) => ({
    channel: t.field({ type: ChannelNameEnum, required: true, description: 'The channel.' }),
    mode: t.field({
      type: ChannelModeEnum,
      required: true,
      description: 'The party that connects the channel.',
    }),
    provider: t.id({ description: about.provider }),
    inputs: t.field({
      type: 'JSONObject',
      description: `${about.inputs} Omitted fields are filled from the agent's identity.`,
    }),
    auth: t.field({ type: 'JSONObject', description: CREDENTIALS }),
  }),
});

const ChannelDeliveryInput = builder.inputType('ChannelDeliveryInput', {
  description: about.delivery,
  fields: (t) => ({
    minMessageDelayMs: t.int({
      minimum: MIN_DELAY_MS,
      maximum: MAX_DELAY_MS,
      description: about.minMessageDelayMs,
    }),
  }),
});

const ChannelComplianceInput = builder.inputType('ChannelComplianceInput', {
  description: about.compliance,
  fields: (t) => ({
    enabled: t.boolean({ clearable: false, description: about.enabled }),
    disclaimerText: t.field({ ...TEXT.disclaimer, description: about.disclaimerText }),
  }),
});

const UpdateChannelInput = builder.inputType('UpdateChannelInput', {
  description:
    'The parts of a channel binding to change. Each is a merge patch; `null` clears a part.',
  fields: (t) => ({
    auth: t.field({ clearable: false, type: 'JSONObject', description: CREDENTIALS }),
    inputs: t.field({
      type: 'JSONObject',
      description: `${about.inputs} Rejected once the binding was Active, unless the channel is provisioned at once, as webchat is.`,
    }),
    delivery: t.field({ type: ChannelDeliveryInput, description: about.delivery }),
    compliance: t.field({ type: ChannelComplianceInput, description: about.compliance }),
  }),
});

const ChannelPayload = itemPayload(
  'ChannelPayload',
  'channel',
  ChannelBindingRef,
  'channel binding',
  ({ item }: ItemChange<AgentChannel>) => item,
);

builder.mutationFields((t) => {
  const scope = 'agents:write';
  const id = idArg(t.arg, CHANNEL_ID);
  return {
    createChannel: serviceMutation(t, ChannelPayload, {
      scope,
      fails: ['channel.already_bound'],
      description:
        'Binds a channel to the agent. A managed binding is requested from this service; an unmanaged one is Active at once.',
      args: { input: inputArg(t.arg, CreateChannelInput, 'The channel.') },
      call: (target, { input }, { channels }) => channels.create(...target, input),
    }),
    updateChannel: serviceMutation(t, ChannelPayload, {
      scope,
      fails: ['channel.not_found', 'channel.inputs_settled'],
      description:
        "Changes a channel binding's credentials, inputs, delivery or compliance settings.",
      args: { id, input: inputArg(t.arg, UpdateChannelInput, 'The parts to change.') },
      call: (target, { id, input }, { channels }) => channels.update(...target, id, input),
    }),
    deleteChannel: serviceMutation(t, ChannelPayload, {
      scope,
      fails: ['channel.not_found'],
      description:
        'Removes a channel binding: cancels its request or releases the channel. Returns its last state. A managed RCS binding is archived; binding the channel again restores it.',
      args: { id },
      call: (target, { id }, { channels }) => channels.delete(...target, id),
    }),
    disableChannel: serviceMutation(t, ChannelPayload, {
      scope,
      fails: ['channel.not_found', 'channel.move_refused'],
      description: 'Disables an Active channel binding.',
      args: { id },
      call: (target, { id }, { channels }) => channels.disable(...target, id),
    }),
    enableChannel: serviceMutation(t, ChannelPayload, {
      scope,
      fails: ['channel.not_found', 'channel.move_refused'],
      description: 'Enables a Disabled channel binding: it is Active again.',
      args: { id },
      call: (target, { id }, { channels }) => channels.enable(...target, id),
    }),
  };
});

import type { AgentChannel } from '../src/domain/channels.ts';
import type { ItemChange } from '../src/domain/items.ts';
import { agentArgs } from './args.ts';
import { builder } from './builder.ts';
import { about, ChannelBindingRef, ChannelModeEnum, ChannelNameEnum } from './channels.ts';
import { AgentRef } from './refs.ts';
import { inherited, mayInOrg } from './rights.ts';

const CREDENTIALS =
  "Unmanaged only: the credentials, by the provider's form in the channels catalog. Never shown again.";

const CreateChannelInput = builder.inputType('CreateChannelInput', {
  description: 'A channel to bind: managed with `inputs`, or unmanaged with `provider` and `auth`.',
  fields: (t) => ({
    channel: t.field({ type: ChannelNameEnum, required: true, description: 'The channel.' }),
    mode: t.field({ type: ChannelModeEnum, required: true, description: 'Who connects it.' }),
    provider: t.string({ description: about.provider }),
    inputs: t.field({
      type: 'JSONObject',
      description: `${about.inputs} The agent's identity pre-fills what is left out.`,
    }),
    auth: t.field({ type: 'JSONObject', description: CREDENTIALS }),
  }),
});

const ChannelDeliveryInput = builder.inputType('ChannelDeliveryInput', {
  description: about.delivery,
  fields: (t) => ({ minMessageDelayMs: t.int({ description: about.minMessageDelayMs }) }),
});

const ChannelComplianceInput = builder.inputType('ChannelComplianceInput', {
  description: about.compliance,
  fields: (t) => ({
    enabled: t.boolean({ description: about.enabled }),
    disclaimerText: t.field({ type: 'NonBlank', description: about.disclaimerText }),
  }),
});

const UpdateChannelInput = builder.inputType('UpdateChannelInput', {
  description: 'The parts of a binding to change, each a merge patch; `null` clears one.',
  fields: (t) => ({
    auth: t.field({ type: 'JSONObject', description: `${CREDENTIALS} Cannot be cleared.` }),
    inputs: t.field({ type: 'JSONObject', description: `${about.inputs} Not once it was Active.` }),
    delivery: t.field({ type: ChannelDeliveryInput, description: about.delivery }),
    compliance: t.field({ type: ChannelComplianceInput, description: about.compliance }),
  }),
});

const ChannelPayload = builder.objectRef<ItemChange<AgentChannel>>('ChannelPayload').implement({
  description: 'What a change of a channel binding came to.',
  fields: (t) => ({
    channel: t.expose('item', { type: ChannelBindingRef, description: 'The binding.' }),
    agent: t.expose('agent', { type: AgentRef, ...inherited, description: 'Its agent.' }),
  }),
});

builder.mutationFields((t) => {
  const right = mayInOrg('editor', 'agents:write');
  const args = agentArgs(t.arg);
  const itemArgs = { ...args, id: t.arg.id({ required: true, description: 'The binding.' }) };
  return {
    createChannel: t.field({
      type: ChannelPayload,
      ...right,
      description:
        'Binds a channel. A managed request is worked on from here; an own account is Active at once.',
      args: {
        ...args,
        input: t.arg({ type: CreateChannelInput, required: true, description: 'The channel.' }),
      },
      resolve: (_, { org, agent, expectedVersion, input }, { services, work }) =>
        services.channels.create(work, { org, id: agent }, expectedVersion, input),
    }),
    updateChannel: t.field({
      type: ChannelPayload,
      ...right,
      description: 'Rotates credentials, completes inputs, tunes delivery and compliance.',
      args: {
        ...itemArgs,
        input: t.arg({ type: UpdateChannelInput, required: true, description: 'What to change.' }),
      },
      resolve: (_, { org, agent, expectedVersion, id, input }, { services, work }) =>
        services.channels.update(work, { org, id: agent }, expectedVersion, id, input),
    }),
    deleteChannel: t.field({
      type: ChannelPayload,
      ...right,
      description:
        'Cancels a request or releases a channel; managed RCS is archived. Answers with its last state.',
      args: itemArgs,
      resolve: (_, { org, agent, expectedVersion, id }, { services, work }) =>
        services.channels.delete(work, { org, id: agent }, expectedVersion, id),
    }),
    disableChannel: t.field({
      type: ChannelPayload,
      ...right,
      description: 'Switches an Active channel off.',
      args: itemArgs,
      resolve: (_, { org, agent, expectedVersion, id }, { services, work }) =>
        services.channels.disable(work, { org, id: agent }, expectedVersion, id),
    }),
    enableChannel: t.field({
      type: ChannelPayload,
      ...right,
      description: 'Returns a Disabled channel to what it was.',
      args: itemArgs,
      resolve: (_, { org, agent, expectedVersion, id }, { services, work }) =>
        services.channels.enable(work, { org, id: agent }, expectedVersion, id),
    }),
  };
});

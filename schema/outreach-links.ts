import { MAX_USES, usesRemaining } from '../src/domain/outreach-links.ts';
import type { OutreachLinkDoc } from '../src/outreach-links/collection.ts';
import { agentRefArgs, idArg, inputArg, pageArgs } from './args.ts';
import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';
import { AgentRef, OWNER_PARTS } from './refs.ts';
import { entity, mayInOrg, mayOnDocument } from './rights.ts';
import { TEXT } from './texts.ts';

const about = {
  bindingId: 'The id of the RCS channel binding where the conversations start.',
  label: 'A human-readable label.',
  maxUses: 'The number of times the link can be redeemed: 1 to 500, and 25 if omitted.',
  expiresAt: 'When the link expires: at most 30 days from now, and 14 days from now if omitted.',
  disabled: 'Whether the link is paused.',
} as const;

const OutreachLinkRef = builder.objectRef<OutreachLinkDoc>('OutreachLink').implement({
  ...entity,
  description: 'A link where people ask an agent to start an RCS conversation with them.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id: minted, immutable.' }),
    code: t.exposeString('code', {
      description: 'The unguessable code in the URL. No other link ever has it.',
    }),
    url: t.field({
      type: 'HttpUrl',
      description: 'The URL of the public page, to be shared.',
      resolve: (link, _, { services }) => services.outreachLinks.urlOf(link),
    }),
    bindingId: t.exposeID('bindingId', { description: about.bindingId }),
    label: t.exposeString('label', { nullable: true, description: about.label }),
    maxUses: t.exposeInt('maxUses', {
      description: 'The number of times the link can be redeemed.',
    }),
    usesRemaining: t.int({
      description: 'The number of times the link can still be redeemed.',
      resolve: (link) => usesRemaining(link),
    }),
    redemptionCount: t.exposeInt('redemptionCount', {
      description: 'The number of times the link was redeemed.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'When the link expires.',
    }),
    disabled: t.exposeBoolean('disabled', { description: about.disabled }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the link was created.',
    }),
  }),
});

const LINK_ID = "The outreach link's id.";
const OutreachLinkConnection = connectionOf(OutreachLinkRef);

builder.objectFields(AgentRef, (t) => {
  const right = mayOnDocument('viewer', 'agents:read');
  return {
    outreachLinks: t.field({
      type: OutreachLinkConnection,
      reads: OWNER_PARTS,
      ...right,
      description: "The agent's outreach links, newest first.",
      args: pageArgs(t.arg),
      resolve: (agent, page, { services, loaders, work }) =>
        services.outreachLinks.list(work, agent, page, loaders.outreachLinks),
    }),
    outreachLink: t.field({
      type: OutreachLinkRef,
      reads: OWNER_PARTS,
      ...right,
      fails: ['outreach_link.not_found'],
      description:
        'One outreach link of the agent. Null, with an error `outreach_link.not_found`, if it does not exist.',
      args: { id: idArg(t.arg, LINK_ID) },
      resolve: (agent, { id }, { services, work }) => services.outreachLinks.get(work, agent, id),
    }),
  };
});

const CreateOutreachLinkInput = builder.inputType('CreateOutreachLinkInput', {
  description: 'A new outreach link.',
  fields: (t) => ({
    bindingId: t.id({ required: true, description: about.bindingId }),
    label: t.field({ ...TEXT.name, description: about.label }),
    maxUses: t.int({ minimum: 1, maximum: MAX_USES, description: about.maxUses }),
    expiresAt: t.field({ type: 'DateTime', description: about.expiresAt }),
  }),
});

const UpdateOutreachLinkInput = builder.inputType('UpdateOutreachLinkInput', {
  description: 'The state of an outreach link.',
  fields: (t) => ({ disabled: t.boolean({ required: true, description: about.disabled }) }),
});

builder.mutationFields((t) => {
  const right = mayInOrg('editor', 'agents:write');
  const args = agentRefArgs(t.arg);
  const itemArgs = { ...args, id: idArg(t.arg, LINK_ID) };
  return {
    createOutreachLink: t.field({
      type: OutreachLinkRef,
      ...right,
      fails: ['agent.not_found'],
      description: 'Creates an outreach link.',
      args: {
        ...args,
        input: inputArg(t.arg, CreateOutreachLinkInput, 'The link.'),
      },
      resolve: (_, { org, agent, input }, { services, work }) =>
        services.outreachLinks.create(work, { org, id: agent }, input),
    }),
    updateOutreachLink: t.field({
      type: OutreachLinkRef,
      ...right,
      fails: ['agent.not_found', 'outreach_link.not_found'],
      description: 'Pauses or resumes an outreach link. Its remaining uses stay.',
      args: {
        ...itemArgs,
        input: inputArg(t.arg, UpdateOutreachLinkInput, 'The new state.'),
      },
      resolve: (_, { org, agent, id, input }, { services, work }) =>
        services.outreachLinks.setDisabled(work, { org, id: agent }, id, input.disabled),
    }),
    deleteOutreachLink: t.field({
      type: OutreachLinkRef,
      ...right,
      fails: ['agent.not_found', 'outreach_link.not_found'],
      description: 'Removes an outreach link: it is invalid at once.',
      args: itemArgs,
      resolve: (_, { org, agent, id }, { services, work }) =>
        services.outreachLinks.delete(work, { org, id: agent }, id),
    }),
  };
});

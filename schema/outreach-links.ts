import { usesRemaining } from '../src/domain/outreach-links.ts';
import type { OutreachLinkDoc } from '../src/outreach-links/collection.ts';
import { pageArgs } from './args.ts';
import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';
import { AgentRef, OWNER_PARTS } from './refs.ts';
import { entity, may, mayInOrg } from './rights.ts';

const about = {
  bindingId: 'The RCS channel binding that the conversations begin on.',
  label: 'A note for people, at most 200 characters.',
  maxUses: 'How often it may be redeemed, 1 to 500; 25 when left out.',
  expiresAt: 'From when on it is refused, at most 30 days ahead; 14 days when left out.',
  disabled: 'Whether it is paused.',
} as const;

const OutreachLinkRef = builder.objectRef<OutreachLinkDoc>('OutreachLink').implement({
  ...entity,
  description: 'A link by which people ask an agent to write to them over RCS.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Minted, immutable.' }),
    code: t.exposeString('code', { description: 'Unguessable; never given out again.' }),
    url: t.field({
      type: 'HttpUrl',
      description: 'The public page, to be shared.',
      resolve: (link, _, { services }) => services.outreachLinks.urlOf(link),
    }),
    bindingId: t.exposeID('bindingId', { description: about.bindingId }),
    label: t.exposeString('label', { nullable: true, description: about.label }),
    maxUses: t.exposeInt('maxUses', { description: 'How often it may be redeemed.' }),
    usesRemaining: t.int({
      description: 'How often it may still be redeemed.',
      resolve: (link) => usesRemaining(link),
    }),
    redemptionCount: t.exposeInt('redemptionCount', {
      description: 'How often it was redeemed.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'From when on it is refused.',
    }),
    disabled: t.exposeBoolean('disabled', { description: about.disabled }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
  }),
});

const OutreachLinkConnection = connectionOf(OutreachLinkRef);

builder.objectFields(AgentRef, (t) => {
  const right = may<{ org: string }, object>('viewer', 'agents:read', ({ org }) => org);
  return {
    outreachLinks: t.field({
      type: OutreachLinkConnection,
      reads: OWNER_PARTS,
      ...right,
      description: 'Its outreach links, newest first.',
      args: pageArgs(t.arg),
      resolve: (agent, page, { services, loaders, work }) =>
        services.outreachLinks.list(work, agent, page, loaders.outreachLinks),
    }),
    outreachLink: t.field({
      type: OutreachLinkRef,
      nullable: true,
      reads: OWNER_PARTS,
      ...right,
      description:
        'One outreach link. Null, with an error `outreach_link.not_found`, when there is none.',
      args: { id: t.arg.id({ required: true, description: "The link's id." }) },
      resolve: (agent, { id }, { services, work }) => services.outreachLinks.get(work, agent, id),
    }),
  };
});

const CreateOutreachLinkInput = builder.inputType('CreateOutreachLinkInput', {
  description: 'A new outreach link.',
  fields: (t) => ({
    bindingId: t.id({ required: true, description: about.bindingId }),
    label: t.field({ type: 'NonBlank', description: about.label }),
    maxUses: t.int({ description: about.maxUses }),
    expiresAt: t.field({ type: 'DateTime', description: about.expiresAt }),
  }),
});

const UpdateOutreachLinkInput = builder.inputType('UpdateOutreachLinkInput', {
  description: 'Pauses or resumes an outreach link.',
  fields: (t) => ({ disabled: t.boolean({ required: true, description: about.disabled }) }),
});

builder.mutationFields((t) => {
  const right = mayInOrg('editor', 'agents:write');
  const args = {
    org: t.arg.id({ required: true, description: 'The org.' }),
    agent: t.arg.id({ required: true, description: 'The agent.' }),
  };
  const itemArgs = { ...args, id: t.arg.id({ required: true, description: 'The link.' }) };
  return {
    createOutreachLink: t.field({
      type: OutreachLinkRef,
      ...right,
      description: 'Mints an outreach link.',
      args: {
        ...args,
        input: t.arg({ type: CreateOutreachLinkInput, required: true, description: 'The link.' }),
      },
      resolve: (_, { org, agent, input }, { services, work }) =>
        services.outreachLinks.create(work, { org, id: agent }, input),
    }),
    updateOutreachLink: t.field({
      type: OutreachLinkRef,
      ...right,
      description: 'Pauses or resumes an outreach link; its remaining uses are kept.',
      args: {
        ...itemArgs,
        input: t.arg({ type: UpdateOutreachLinkInput, required: true, description: 'Which.' }),
      },
      resolve: (_, { org, agent, id, input }, { services, work }) =>
        services.outreachLinks.setDisabled(work, { org, id: agent }, id, input.disabled),
    }),
    deleteOutreachLink: t.field({
      type: OutreachLinkRef,
      ...right,
      description: 'Removes an outreach link. Answers with its last state.',
      args: itemArgs,
      resolve: (_, { org, agent, id }, { services, work }) =>
        services.outreachLinks.delete(work, { org, id: agent }, id),
    }),
  };
});

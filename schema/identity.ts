import { replaceIdentity, updateIdentity } from '../src/domain/agents.ts';
import type { AgentIdentity } from '../src/domain/identity.ts';
import { agentArgs } from './args.ts';
import { builder } from './builder.ts';
import { AgentRef } from './refs.ts';
import { mayInOrg } from './rights.ts';

const about = {
  smallLogoUrl: 'A small, square logo.',
  largeBannerUrl: 'A wide banner.',
  brandColor: "The brand's colour.",
  contactEmail: 'Where a user may write to a human.',
  contactPhone: 'Where a user may call a human.',
  websiteUrl: "The brand's web site.",
  privacyPolicyUrl: 'The privacy policy.',
  termsOfServiceUrl: 'The terms of service.',
  contactAvailability:
    'When humans are there; shown verbatim on escalation, e.g. "Mon–Fri 9–5 PT".',
  identityPreamble: 'A short "who is talking" line that stands in every system prompt.',
} as const satisfies Record<keyof AgentIdentity, string>;

const Identity = builder.objectRef<AgentIdentity>('AgentIdentity').implement({
  description:
    "An agent's branding and contact details: the single source of contact information, which also seeds new channel bindings.",
  fields: (t) => {
    const text = (field: keyof AgentIdentity) =>
      t.exposeString(field, { nullable: true, description: about[field] });
    const url = (field: keyof AgentIdentity) =>
      t.expose(field, { type: 'HttpUrl', nullable: true, description: about[field] });
    return {
      smallLogoUrl: url('smallLogoUrl'),
      largeBannerUrl: url('largeBannerUrl'),
      brandColor: t.expose('brandColor', {
        type: 'HexColorCode',
        nullable: true,
        description: about.brandColor,
      }),
      contactEmail: t.expose('contactEmail', {
        type: 'EmailAddress',
        nullable: true,
        description: about.contactEmail,
      }),
      contactPhone: t.expose('contactPhone', {
        type: 'PhoneNumber',
        nullable: true,
        description: about.contactPhone,
      }),
      websiteUrl: url('websiteUrl'),
      privacyPolicyUrl: url('privacyPolicyUrl'),
      termsOfServiceUrl: url('termsOfServiceUrl'),
      contactAvailability: text('contactAvailability'),
      identityPreamble: text('identityPreamble'),
    };
  },
});

export const AgentIdentityInput = builder.inputType('AgentIdentityInput', {
  description: 'An identity, or the fields of one to change.',
  fields: (t) => ({
    smallLogoUrl: t.field({ type: 'HttpUrl', description: about.smallLogoUrl }),
    largeBannerUrl: t.field({ type: 'HttpUrl', description: about.largeBannerUrl }),
    brandColor: t.field({ type: 'HexColorCode', description: about.brandColor }),
    contactEmail: t.field({ type: 'EmailAddress', description: about.contactEmail }),
    contactPhone: t.field({ type: 'PhoneNumber', description: about.contactPhone }),
    websiteUrl: t.field({ type: 'HttpUrl', description: about.websiteUrl }),
    privacyPolicyUrl: t.field({ type: 'HttpUrl', description: about.privacyPolicyUrl }),
    termsOfServiceUrl: t.field({ type: 'HttpUrl', description: about.termsOfServiceUrl }),
    contactAvailability: t.string({ description: about.contactAvailability }),
    identityPreamble: t.string({ description: about.identityPreamble }),
  }),
});

builder.objectField(AgentRef, 'identity', (t) =>
  t.expose('identity', { type: Identity, description: 'Branding and contact details.' }),
);

builder.mutationFields((t) => {
  const args = {
    ...agentArgs(t.arg),
    input: t.arg({ type: AgentIdentityInput, required: true, description: 'The identity.' }),
  };
  return {
    replaceIdentity: t.field({
      type: AgentRef,
      ...mayInOrg('editor', 'agents:write'),
      description: "Replaces an agent's identity as a whole.",
      args,
      resolve: (_, { org, agent, expectedVersion, input }, { services, work }) =>
        services.agents.change(work, { org, id: agent }, expectedVersion, (it) =>
          replaceIdentity(it, input),
        ),
    }),
    updateIdentity: t.field({
      type: AgentRef,
      ...mayInOrg('editor', 'agents:write'),
      description: "Changes the given fields of an agent's identity; `null` clears one.",
      args,
      resolve: (_, { org, agent, expectedVersion, input }, { services, work }) =>
        services.agents.change(work, { org, id: agent }, expectedVersion, (it) =>
          updateIdentity(it, input),
        ),
    }),
  };
});

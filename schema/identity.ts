import { replaceIdentity, updateIdentity } from '../src/domain/agents.ts';
import type { AgentIdentity } from '../src/domain/identity.ts';
import { agentMutation } from './agent-mutations.ts';
import { inputArg } from './args.ts';
import { builder } from './builder.ts';
import { AgentRef } from './refs.ts';
import { TEXT } from './texts.ts';

const about = {
  smallLogoUrl: 'The URL of a small, square logo.',
  largeBannerUrl: 'The URL of a wide banner.',
  brandColor: "The brand's colour, as a hex code.",
  contactEmail: 'The e-mail address where a user reaches a human.',
  contactPhone: 'The phone number where a user reaches a human.',
  websiteUrl: "The URL of the brand's web site.",
  privacyPolicyUrl: 'The URL of the privacy policy.',
  termsOfServiceUrl: 'The URL of the terms of service.',
  contactAvailability:
    'The hours when a human is available, e.g. "Mon–Fri 9–5 PT". Shown verbatim on escalation.',
  identityPreamble: 'A short line that says who is talking. It is part of every system prompt.',
} as const satisfies Record<keyof AgentIdentity, string>;

const Identity = builder.objectRef<AgentIdentity>('AgentIdentity').implement({
  description:
    "An agent's branding and contact details. They are the only source of contact information, and new channel bindings copy them.",
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
  description: 'A whole identity, or the fields of an identity to change.',
  fields: (t) => ({
    smallLogoUrl: t.field({ type: 'HttpUrl', description: about.smallLogoUrl }),
    largeBannerUrl: t.field({ type: 'HttpUrl', description: about.largeBannerUrl }),
    brandColor: t.field({ type: 'HexColorCode', description: about.brandColor }),
    contactEmail: t.field({ type: 'EmailAddress', description: about.contactEmail }),
    contactPhone: t.field({ type: 'PhoneNumber', description: about.contactPhone }),
    websiteUrl: t.field({ type: 'HttpUrl', description: about.websiteUrl }),
    privacyPolicyUrl: t.field({ type: 'HttpUrl', description: about.privacyPolicyUrl }),
    termsOfServiceUrl: t.field({ type: 'HttpUrl', description: about.termsOfServiceUrl }),
    contactAvailability: t.field({ ...TEXT.description, description: about.contactAvailability }),
    identityPreamble: t.field({ ...TEXT.paragraph, description: about.identityPreamble }),
  }),
});

builder.objectField(AgentRef, 'identity', (t) =>
  t.expose('identity', {
    type: Identity,
    description: "The agent's branding and contact details.",
  }),
);

builder.mutationFields((t) => ({
  replaceIdentity: agentMutation(t, {
    scope: 'agents:write',
    description: "Replaces the agent's identity. Omitted fields are cleared.",
    args: { input: inputArg(t.arg, AgentIdentityInput, 'The identity.') },
    change: (agent, { input }) => replaceIdentity(agent, input),
  }),
  updateIdentity: agentMutation(t, {
    scope: 'agents:write',
    description: "Changes the given fields of the agent's identity. `null` clears a field.",
    args: { input: inputArg(t.arg, AgentIdentityInput, 'The fields to change.') },
    change: (agent, { input }) => updateIdentity(agent, input),
  }),
}));

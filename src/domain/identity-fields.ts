import type { Fields } from './fields.ts';
import type { AgentIdentity } from './identity.ts';

export const IDENTITY_TABLE: Fields<AgentIdentity> = {
  smallLogoUrl: true,
  largeBannerUrl: true,
  brandColor: true,
  contactEmail: true,
  contactPhone: true,
  websiteUrl: true,
  privacyPolicyUrl: true,
  termsOfServiceUrl: true,
  contactAvailability: true,
  identityPreamble: true,
};
export const IDENTITY_FIELDS = Object.keys(IDENTITY_TABLE) as readonly (keyof AgentIdentity)[];

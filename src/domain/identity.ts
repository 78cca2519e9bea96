/** Name, branding and contact details of an agent (reference, "Identity"). */
export interface AgentIdentity {
  readonly smallLogoUrl?: string;
  readonly largeBannerUrl?: string;
  /** Hex, e.g. `#1a73e8`. */
  readonly brandColor?: string;
  readonly contactEmail?: string;
  /** E.164. */
  readonly contactPhone?: string;
  readonly websiteUrl?: string;
  readonly privacyPolicyUrl?: string;
  readonly termsOfServiceUrl?: string;
  readonly contactAvailability?: string;
  readonly identityPreamble?: string;
}

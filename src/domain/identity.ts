import { IDENTITY_TABLE } from './identity-fields.ts';
import { type Patch, setFields } from './patch.ts';
import type { SectionSpec } from './section-spec.ts';
import { recordShape } from './shapes.ts';

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

export const IDENTITY_SECTION = {
  description: 'Branding and contact details.',
  isReadByReadiness: true,
  shape: recordShape(IDENTITY_TABLE),
  secretMarks: null,
  read: ({ identity }) => identity,
  apply: (agent, identity) => ({ ...agent, identity }),
  complete: (input) => setFields<AgentIdentity>(input ?? {}),
  validate: () => [],
  fromTemplate: null,
  dropDangling: null,
} as const satisfies SectionSpec<AgentIdentity, Patch<AgentIdentity>>;

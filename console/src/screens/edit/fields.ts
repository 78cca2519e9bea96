import type { Section } from './definition.ts';

/** How a field is edited. References are chosen from the items or tools that exist. */
export type FieldKind =
  | 'line'
  | 'text'
  | 'editor'
  | 'texts'
  | 'flag'
  | 'number'
  | 'json'
  | 'policy'
  | 'greeting'
  | 'skills'
  | 'tools'
  | 'templates';

export interface FieldSpec {
  readonly name: string;
  readonly kind: FieldKind;
  readonly isRequired?: true;
}

const NAME = { name: 'name', kind: 'line', isRequired: true } as const;
const DESCRIPTION = { name: 'description', kind: 'line' } as const;
const BODY = { name: 'body', kind: 'editor', isRequired: true } as const;

/** The fields of each section, or of its items, in the order of their form. */
export const FIELDS: Readonly<Record<Section, readonly FieldSpec[]>> = {
  AGENT: [NAME, { name: 'description', kind: 'text' }],
  IDENTITY: [
    { name: 'identityPreamble', kind: 'text' },
    { name: 'brandColor', kind: 'line' },
    { name: 'contactEmail', kind: 'line' },
    { name: 'contactPhone', kind: 'line' },
    { name: 'contactAvailability', kind: 'line' },
    { name: 'websiteUrl', kind: 'line' },
    { name: 'privacyPolicyUrl', kind: 'line' },
    { name: 'termsOfServiceUrl', kind: 'line' },
    { name: 'smallLogoUrl', kind: 'line' },
    { name: 'largeBannerUrl', kind: 'line' },
  ],
  PERSONALITY: [DESCRIPTION, { name: 'text', kind: 'editor', isRequired: true }],
  OBJECTIVES: [NAME, DESCRIPTION, { name: 'priority', kind: 'number' }, BODY],
  GUARDRAILS: [
    { name: 'topicsToAvoid', kind: 'texts' },
    { name: 'claimsNotToMake', kind: 'texts' },
    { name: 'requiredDisclaimers', kind: 'texts' },
    { name: 'additionalRules', kind: 'editor' },
  ],
  PLAYBOOKS: [
    NAME,
    DESCRIPTION,
    { name: 'whenToUse', kind: 'text' },
    BODY,
    { name: 'skillRefs', kind: 'skills' },
    { name: 'toolRefs', kind: 'tools' },
    { name: 'messageTemplateRefs', kind: 'templates' },
    { name: 'isDefault', kind: 'flag' },
    { name: 'isOutbound', kind: 'flag' },
    { name: 'examples', kind: 'json' },
  ],
  SKILLS: [
    NAME,
    DESCRIPTION,
    { name: 'enabled', kind: 'flag' },
    BODY,
    { name: 'requiredTools', kind: 'tools' },
    { name: 'config', kind: 'json' },
  ],
  MESSAGE_TEMPLATES: [NAME, DESCRIPTION, BODY, { name: 'defaultOnMissingSlot', kind: 'policy' }],
  OUTREACH: [{ name: 'greetingTemplateId', kind: 'greeting' }],
  TOOL_BINDINGS: [
    { name: 'enabled', kind: 'flag' },
    { name: 'config', kind: 'json' },
  ],
  PRODUCTS: [],
};

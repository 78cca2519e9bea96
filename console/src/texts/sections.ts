import type { SchemaType } from '../graphql/graphql.ts';

export type HistorySection = SchemaType<'HistorySection'>;
export type ChangedSection = SchemaType<'ChangedSection'>;

/** The names of the parts of an agent, in the order in which they are shown. */
export const sectionNames: Readonly<Record<HistorySection, string>> = {
  AGENT: 'Name and description',
  IDENTITY: 'Identity',
  PERSONALITY: 'Personality',
  OBJECTIVES: 'Objectives',
  GUARDRAILS: 'Guardrails',
  PLAYBOOKS: 'Playbooks',
  SKILLS: 'Skills',
  MESSAGE_TEMPLATES: 'Message templates',
  OUTREACH: 'Outreach',
  TOOL_BINDINGS: 'Tools',
  PRODUCTS: 'Products',
  CHANNELS: 'Channels',
};

/** The names of fields. A field of a tool's config is shown by its path. */
export const fieldNames: Readonly<Record<string, string>> = {
  name: 'Name',
  description: 'Description',
  body: 'Text',
  text: 'Text',
  priority: 'Priority',
  enabled: 'Enabled',
  source: 'Owner',
  whenToUse: 'When to use it',
  isDefault: 'Default playbook',
  isOutbound: 'Opens outreach conversations',
  skillRefs: 'Skills',
  toolRefs: 'Tools',
  messageTemplateRefs: 'Message templates',
  requiredTools: 'Required tools',
  examples: 'Examples',
  defaultOnMissingSlot: 'If a slot has no value',
  greetingTemplateId: 'Greeting',
  topicsToAvoid: 'Topics to avoid',
  claimsNotToMake: 'Claims not to make',
  requiredDisclaimers: 'Required disclaimers',
  additionalRules: 'Additional rules',
  derivedFromTemplates: 'Imported templates',
  'derivedFrom.templateId': 'Imported template',
  'derivedFrom.version': 'Version of the imported template',
  identityPreamble: 'Preamble',
  brandColor: 'Colour of the brand',
  contactAvailability: 'Hours of human contact',
  contactEmail: 'E-mail of human contact',
  contactPhone: 'Phone of human contact',
  largeBannerUrl: 'Banner',
  smallLogoUrl: 'Logo',
  privacyPolicyUrl: 'Privacy policy',
  termsOfServiceUrl: 'Terms of service',
  websiteUrl: 'Web site',
};

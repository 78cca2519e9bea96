import type { introspection } from '../generated/schema.d.ts';

type EnumOf<Name extends keyof introspection['types']> = introspection['types'][Name] extends {
  enumValues: infer Values extends string;
}
  ? Values
  : never;

/** The names of the values of an enum of the schema, each of which needs one. */
type Names<Name extends keyof introspection['types']> = Readonly<Record<EnumOf<Name>, string>>;

export const channelNames: Names<'ChannelName'> = {
  APPLE_MESSAGES: 'Apple Messages',
  INSTAGRAM: 'Instagram',
  POE: 'Poe',
  RCS: 'RCS',
  SLACK: 'Slack',
  SMS: 'SMS',
  VIBER: 'Viber',
  WEBCHAT: 'Web chat',
  WHATSAPP: 'WhatsApp',
};

export const channelStatuses: Names<'ChannelBindingStatus'> = {
  ACTION_REQUIRED: 'Action required',
  ACTIVE: 'Active',
  DISABLED: 'Disabled',
  FAILED: 'Failed',
  PROVISIONING: 'Being provisioned',
  REQUESTED: 'Requested',
};

export const grantStates: Names<'OAuthState'> = {
  CONNECTED: 'Connected',
  ERROR: 'Renewal fails',
  EXPIRED: 'Expired',
  NOT_CONNECTED: 'Not connected',
  REVOKED: 'Revoked',
};

export const pieceKinds: Names<'PieceKind'> = {
  OBJECTIVE: 'Objective',
  PERSONALITY: 'Personality',
  PLAYBOOK: 'Playbook',
  SKILL: 'Skill',
};

export const promptSections: Names<'PromptSection'> = {
  CHANNELS: 'Channel',
  GUARDRAILS: 'Guardrails',
  IDENTITY: 'Identity',
  MESSAGE_TEMPLATES: 'Message templates',
  OBJECTIVES: 'Objectives',
  PERSONALITY: 'Personality',
  PLAYBOOKS: 'Playbooks',
  SKILLS: 'Skills',
};

import type { introspection } from '../generated/schema.d.ts';

type EnumOf<Name extends keyof introspection['types']> = introspection['types'][Name] extends {
  enumValues: infer Values extends string;
}
  ? Values
  : never;

/** The names of the values of an enum of the schema, each of which needs one. */
export type Names<Name extends keyof introspection['types']> = Readonly<
  Record<EnumOf<Name>, string>
>;

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
  DISABLED: 'Off',
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

export const personStatuses: Names<'PersonStatus'> = {
  NEW: 'New',
  CONTACTED: 'Contacted',
  QUALIFIED: 'Qualified',
  CONVERTED: 'Converted',
  LOST: 'Lost',
};

export const appointmentStatuses: Names<'AppointmentStatus'> = {
  SCHEDULED: 'Scheduled',
  RESCHEDULED: 'Moved',
  CANCELLED: 'Cancelled',
};

export const journalAuthors: Names<'PersonJournalAuthor'> = {
  AGENT: 'The agent',
  OPERATOR: 'An operator',
};

/** The parts of an agent, in the order in which they are shown. */
export const sectionNames: Names<'HistorySection'> = {
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

/** A conversation has one channel. */
export const promptSections: Names<'PromptSection'> = { ...sectionNames, CHANNELS: 'Channel' };

export const roles: Names<'Role'> = {
  VIEWER: 'Viewer',
  EDITOR: 'Editor',
  ADMIN: 'Admin',
  OWNER: 'Owner',
};

export const scopes: Names<'Scope'> = {
  AGENTS_READ: 'Read agents',
  AGENTS_WRITE: 'Change agents',
  CATALOGS_READ: 'Read the catalogs',
  KNOWLEDGE_READ: 'Read knowledge bases',
  MESSAGES_READ: 'Read messages',
  ORG_ADMIN: 'Manage the org and its keys',
  PEOPLE_READ: 'Read people',
  PEOPLE_WRITE: 'Change people',
  TEMPLATES_APPLY: 'Apply templates',
  WEBHOOKS_MANAGE: 'Manage webhooks',
};

export const doors: Names<'Door'> = {
  CLI: 'command line',
  GRAPHQL: 'GraphQL',
  MCP: 'MCP',
  REST: 'REST',
  SYSTEM: 'the system',
};

export const deliveryStatuses: Names<'DeliveryStatus'> = {
  FAILURE: 'Given up',
  PENDING: 'Pending',
  SUCCESS: 'Delivered',
};

export const auditActions: Names<'AuditAction'> = {
  AGENT_CREATED: 'Agent created',
  AGENT_DELETED: 'Agent deleted',
  AGENT_UPDATED: 'Agent updated',
  API_KEY_CREATED: 'API key created',
  API_KEY_DELETED: 'API key deleted',
  API_KEY_UPDATED: 'API key updated',
  CHANNEL_CREATED: 'Channel created',
  CHANNEL_DELETED: 'Channel deleted',
  CHANNEL_STATUS_CHANGED: 'Channel status changed',
  CHANNEL_UPDATED: 'Channel updated',
  MEMBER_CREATED: 'Member created',
  MEMBER_DELETED: 'Member deleted',
  MEMBER_UPDATED: 'Member updated',
  ORG_CREATED: 'Org created',
  ORG_DELETED: 'Org deleted',
  ORG_UPDATED: 'Org updated',
  OUTREACH_LINK_CREATED: 'Outreach link created',
  OUTREACH_LINK_DELETED: 'Outreach link deleted',
  OUTREACH_LINK_UPDATED: 'Outreach link updated',
  PERSON_CREATED: 'Person created',
  PERSON_DELETED: 'Person deleted',
  PERSON_UPDATED: 'Person updated',
  TOOL_CONNECTED: 'Tool connected',
  TOOL_DISCONNECTED: 'Tool disconnected',
  WEBHOOK_CREATED: 'Webhook created',
  WEBHOOK_DELETED: 'Webhook deleted',
  WEBHOOK_UPDATED: 'Webhook updated',
};

export const auditedResources: Names<'AuditedResourceType'> = {
  AGENT: 'Agent',
  API_KEY: 'API key',
  CHANNEL: 'Channel',
  MEMBER: 'Member',
  ORG: 'Org',
  OUTREACH_LINK: 'Outreach link',
  PERSON: 'Person',
  TOOL: 'Tool',
  WEBHOOK: 'Webhook',
};

export const eventNames: Names<'WebhookEventType'> = {
  AGENT_CREATED: 'Agent created',
  AGENT_DELETED: 'Agent deleted',
  AGENT_UPDATED: 'Agent updated',
  API_KEY_CREATED: 'API key created',
  API_KEY_DELETED: 'API key deleted',
  API_KEY_UPDATED: 'API key updated',
  CHANNEL_CREATED: 'Channel created',
  CHANNEL_DELETED: 'Channel deleted',
  CHANNEL_STATUS_CHANGED: 'Channel status changed',
  CHANNEL_UPDATED: 'Channel updated',
  ORG_UPDATED: 'Org updated',
  OUTREACH_LINK_CREATED: 'Outreach link created',
  OUTREACH_LINK_DELETED: 'Outreach link deleted',
  OUTREACH_LINK_UPDATED: 'Outreach link updated',
  PERSON_CREATED: 'Person created',
  PERSON_DELETED: 'Person deleted',
  PERSON_UPDATED: 'Person updated',
  TOOL_CONNECTED: 'Tool connected',
  TOOL_DISCONNECTED: 'Tool disconnected',
  WEBHOOK_PING: 'Test event',
};

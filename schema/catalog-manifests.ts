import type {
  ChannelManifest,
  ChannelProvider,
  LogEvent,
  ManagedChannel,
  Tool,
  ToolOAuth,
  WebhookEvent,
} from '../src/catalog/types.ts';
import { LOG_LEVELS } from '../src/domain/traffic.ts';
import { builder } from './builder.ts';
import { enumOf } from './enums.ts';

export const ToolRef = builder.objectRef<Tool>('Tool');
export const ChannelManifestRef = builder.objectRef<ChannelManifest>('ChannelManifest');
export const LogEventRef = builder.objectRef<LogEvent>('LogEvent');
export const WebhookEventRef = builder.objectRef<WebhookEvent>('WebhookEvent');

const ToolOAuthRef = builder.objectRef<ToolOAuth>('ToolOAuth').implement({
  description: 'The grant that a tool takes.',
  fields: (t) => ({
    provider: t.exposeString('provider', { description: 'Who grants it.' }),
    scopes: t.exposeStringList('scopes', { description: "The provider's scopes that it takes." }),
  }),
});

ToolRef.implement({
  description: 'A tool that an agent can be bound to.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The qualified catalog id.' }),
    version: t.exposeString('version', { description: 'Which version this is.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    description: t.exposeString('description', { description: 'What it does.' }),
    category: t.exposeString('category', { description: 'What kind of tool it is.' }),
    parameters: t.expose('parameters', {
      type: 'JSONObject',
      description: 'How the agent calls it, as a JSON schema.',
    }),
    configSchema: t.expose('configSchema', {
      type: 'JSONObject',
      nullable: true,
      description:
        "The shape of a binding's `config`, as a JSON schema. A `writeOnly` field is kept as a secret.",
    }),
    oauth: t.expose('oauth', {
      type: ToolOAuthRef,
      nullable: true,
      description: 'Set where the tool takes an OAuth grant before it can be used.',
    }),
  }),
});

const ProvisioningRef = builder
  .objectRef<ManagedChannel['provisioning']>('ChannelProvisioning')
  .implement({
    description: 'What to expect of a managed request.',
    fields: (t) => ({
      expectedDuration: t.exposeString('expectedDuration', { description: 'How long it takes.' }),
      copy: t.exposeString('copy', { description: 'What happens, step by step, for people.' }),
    }),
  });

const ManagedRef = builder.objectRef<ManagedChannel>('ManagedChannelManifest').implement({
  description: 'How a channel is provisioned for the org.',
  fields: (t) => ({
    instant: t.exposeBoolean('instant', { description: 'Whether it is active at once.' }),
    provisioning: t.expose('provisioning', {
      type: ProvisioningRef,
      description: 'What to expect of a request.',
    }),
    inputsSchema: t.expose('inputsSchema', {
      type: 'JSONObject',
      description:
        'The shape of `inputs`, as a JSON schema; `x-seededFrom` names the part of the agent that pre-fills a field.',
    }),
  }),
});

const ProviderRef = builder.objectRef<ChannelProvider>('ChannelProvider').implement({
  description: 'A provider whose account an org can bring.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The binding's `provider`." }),
    name: t.exposeString('name', { description: 'Its name.' }),
    description: t.exposeString('description', { description: 'What the account must be.' }),
    authSchema: t.expose('authSchema', {
      type: 'JSONObject',
      description: 'The shape of `auth`, as a JSON schema.',
    }),
    routingIdFrom: t.exposeString('routingIdFrom', {
      nullable: true,
      description: "The field of `auth` that is shown as the binding's `routingId`.",
    }),
  }),
});

const UnmanagedRef = builder
  .objectRef<NonNullable<ChannelManifest['unmanaged']>>('UnmanagedChannelManifest')
  .implement({
    description: "How a channel is bound to the org's own provider account.",
    fields: (t) => ({
      providers: t.field({
        type: [ProviderRef],
        description: 'The providers to choose from.',
        resolve: ({ providers }) => [...providers],
      }),
    }),
  });

ChannelManifestRef.implement({
  description: 'The forms with which a channel is bound, and what to expect.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The channel's name." }),
    name: t.exposeString('name', { description: 'Its name, for people.' }),
    description: t.exposeString('description', { description: 'What it is.' }),
    managed: t.expose('managed', {
      type: ManagedRef,
      description: 'How it is provisioned for the org.',
    }),
    unmanaged: t.expose('unmanaged', {
      type: UnmanagedRef,
      nullable: true,
      description: "How it is bound to the org's own provider account, where that is possible.",
    }),
    carrierCompliance: t.exposeBoolean('carrierCompliance', {
      nullable: true,
      description: 'Whether its bindings have carrier compliance.',
    }),
  }),
});

export const LogLevelType = enumOf('LogLevel', 'How much a log entry matters.', LOG_LEVELS, {
  debug: 'For those who look for a fault.',
  info: 'What happened, as it should.',
  warn: 'Not as it should be, and it went on.',
  error: 'Something failed.',
});

LogEventRef.implement({
  description: 'A kind of log entry.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The entry's `event`." }),
    name: t.exposeString('name', { description: 'Its name, for people.' }),
    description: t.exposeString('description', { description: 'When it is written.' }),
    level: t.expose('level', { type: LogLevelType, description: 'Its level.' }),
    dataFields: t.expose('dataFields', {
      type: 'JSONObject',
      description: 'What each field of `data` means.',
    }),
  }),
});

WebhookEventRef.implement({
  description: 'A kind of event that webhooks can subscribe to.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The delivery's `type`." }),
    name: t.exposeString('name', { description: 'Its name, for people.' }),
    description: t.exposeString('description', { description: 'When it happens, and its `data`.' }),
    resource: t.exposeString('resource', { description: 'What kind of thing it is about.' }),
  }),
});

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
  description: 'The OAuth grant that a tool requires.',
  fields: (t) => ({
    provider: t.exposeString('provider', { description: 'The provider of the grant.' }),
    scopes: t.exposeStringList('scopes', {
      description: "The required scopes, in the provider's own words.",
    }),
  }),
});

ToolRef.implement({
  description: 'A tool that an agent can be bound to.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The qualified catalog id.' }),
    version: t.exposeString('version', { description: 'The version.' }),
    name: t.exposeString('name', { description: 'The name.' }),
    description: t.exposeString('description', { description: 'A human-readable description.' }),
    category: t.exposeString('category', { description: 'The category.' }),
    parameters: t.expose('parameters', {
      type: 'JSONObject',
      description: 'The parameters of a call, as a JSON schema.',
    }),
    configSchema: t.expose('configSchema', {
      type: 'JSONObject',
      nullable: true,
      description:
        "The shape of a binding's `config`, as a JSON schema. A `writeOnly` field is stored as a secret.",
    }),
    oauth: t.expose('oauth', {
      type: ToolOAuthRef,
      nullable: true,
      description: 'The OAuth grant that the tool requires. Unset if it requires none.',
    }),
  }),
});

const ProvisioningRef = builder
  .objectRef<ManagedChannel['provisioning']>('ChannelProvisioning')
  .implement({
    description: 'The provisioning of a managed channel.',
    fields: (t) => ({
      expectedDuration: t.exposeString('expectedDuration', {
        description: 'The expected duration.',
      }),
      copy: t.exposeString('copy', { description: 'A human-readable description of the steps.' }),
    }),
  });

const ManagedRef = builder.objectRef<ManagedChannel>('ManagedChannelManifest').implement({
  description: 'The managed way to bind a channel: this service provisions it.',
  fields: (t) => ({
    instant: t.exposeBoolean('instant', { description: 'Whether the binding is Active at once.' }),
    provisioning: t.expose('provisioning', {
      type: ProvisioningRef,
      description: 'The provisioning.',
    }),
    inputsSchema: t.expose('inputsSchema', {
      type: 'JSONObject',
      description:
        'The shape of `inputs`, as a JSON schema. `x-seededFrom` names the part of the agent that fills an omitted field.',
    }),
  }),
});

const ProviderRef = builder.objectRef<ChannelProvider>('ChannelProvider').implement({
  description: 'A provider where an org can bring its own account.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The id: a binding's `provider`." }),
    name: t.exposeString('name', { description: 'The name.' }),
    description: t.exposeString('description', { description: 'The required kind of account.' }),
    authSchema: t.expose('authSchema', {
      type: 'JSONObject',
      description: 'The shape of `auth`, as a JSON schema.',
    }),
    routingIdFrom: t.exposeString('routingIdFrom', {
      nullable: true,
      description: "The field of `auth` that is shown as a binding's `routingId`.",
    }),
  }),
});

const UnmanagedRef = builder
  .objectRef<NonNullable<ChannelManifest['unmanaged']>>('UnmanagedChannelManifest')
  .implement({
    description:
      "The unmanaged way to bind a channel: through the org's own account with a provider.",
    fields: (t) => ({
      providers: t.field({
        type: [ProviderRef],
        description: 'The possible providers.',
        resolve: ({ providers }) => [...providers],
      }),
    }),
  });

ChannelManifestRef.implement({
  description: 'The ways to bind a channel, with their forms.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id: the name of the channel in the API.' }),
    name: t.exposeString('name', { description: 'The human-readable name.' }),
    description: t.exposeString('description', { description: 'A human-readable description.' }),
    managed: t.expose('managed', {
      type: ManagedRef,
      description: 'The managed way to bind the channel.',
    }),
    unmanaged: t.expose('unmanaged', {
      type: UnmanagedRef,
      nullable: true,
      description: 'The unmanaged way to bind the channel. Unset if there is none.',
    }),
    carrierCompliance: t.exposeBoolean('carrierCompliance', {
      nullable: true,
      description: 'Whether bindings of the channel have compliance settings.',
    }),
  }),
});

export const LogLevelType = enumOf('LogLevel', 'The severity of a log entry.', LOG_LEVELS, {
  debug: 'Details for debugging.',
  info: 'A normal event.',
  warn: 'An unexpected event that did not stop the operation.',
  error: 'A failure.',
});

LogEventRef.implement({
  description: 'A kind of log entry.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The id: an entry's `event`." }),
    name: t.exposeString('name', { description: 'The human-readable name.' }),
    description: t.exposeString('description', {
      description: 'When the runtime writes the entry.',
    }),
    level: t.expose('level', { type: LogLevelType, description: 'The severity.' }),
    dataFields: t.expose('dataFields', {
      type: 'JSONObject',
      description: 'The meaning of each field of `data`.',
    }),
  }),
});

WebhookEventRef.implement({
  description: 'A kind of event that webhooks can subscribe to.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The id: a delivery's `type`." }),
    name: t.exposeString('name', { description: 'The human-readable name.' }),
    description: t.exposeString('description', {
      description: 'When the event happens, and the fields of its `data`.',
    }),
    resource: t.exposeString('resource', {
      description: 'The kind of resource that the event is about.',
    }),
  }),
});

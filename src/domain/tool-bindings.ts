import type { Agent } from './agents.ts';
import { DomainError } from './errors.ts';
import type { FormSchema } from './form.ts';
import { configured, type GivenConfig } from './tool-config.ts';

/**
 * A catalog tool that is bound to an agent, as stored in the agent's document (reference,
 * "Tool bindings"). Write-only values are in the secret store; the document refers to them.
 */
export interface AgentToolBinding {
  /** The catalog id, e.g. `@anychat/tool.google-calendar`; unique within the agent. */
  readonly toolId: string;
  readonly enabled: boolean;
  /** The values that are not write-only. */
  readonly config: Readonly<Record<string, unknown>>;
  /** By write-only field. */
  readonly secrets?: Readonly<Record<string, SecretRef>>;
  /** Set once a grant was given. */
  readonly oauth?: OAuthConnection;
}

/** A secret in the secret store, and the part of it that may be shown. */
export interface SecretRef {
  readonly id: string;
  readonly hint: string;
  /** ISO-8601. */
  readonly updatedAt: string;
}

export interface OAuthConnection {
  readonly credentialId: string;
  /** ISO-8601. */
  readonly connectedAt: string;
}

/** The parts of a catalog tool that a binding depends on. */
export interface BindableTool {
  readonly id: string;
  /** A top-level field with `writeOnly: true` is a secret. */
  readonly configSchema?: FormSchema;
}

/** Returned in place of a write-only value. */
export interface RedactedSecret {
  readonly configured: true;
  readonly hint: string;
  readonly updatedAt: string;
}

export const CONFIG_STATUSES = ['complete', 'incomplete'] as const;
export type ConfigStatus = (typeof CONFIG_STATUSES)[number];

/** The binding of a tool before it is configured. */
export function emptyToolBinding(toolId: string): AgentToolBinding {
  return { toolId, enabled: true, config: {} };
}

/** The config with write-only values redacted, in the order of the tool's form. */
export function readableConfig(
  { config, secrets = {} }: AgentToolBinding,
  tool: BindableTool | undefined,
): Record<string, unknown> {
  const secretFields = secretFieldsOf(tool);
  const readable = new Map<string, unknown>();
  for (const field of [...fieldsOf(tool), ...Object.keys(config), ...Object.keys(secrets)]) {
    const ref = ownValue(secrets, field) as SecretRef | undefined;
    if (ref) {
      const { hint, updatedAt } = ref;
      readable.set(field, { configured: true, hint, updatedAt } satisfies RedactedSecret);
    } else if (!secretFields.has(field) && Object.hasOwn(config, field)) {
      readable.set(field, config[field]);
    }
  }
  return Object.fromEntries(readable);
}

/** The required fields of the tool's form without a value. */
export function missingFields(
  { config, secrets = {} }: AgentToolBinding,
  tool: BindableTool | undefined,
): readonly string[] {
  const secretFields = secretFieldsOf(tool);
  const required = (tool?.configSchema?.required ?? []) as readonly string[];
  return required.filter(
    (field) => !Object.hasOwn(secretFields.has(field) ? secrets : config, field),
  );
}

/** A binding of a tool that the catalog no longer has is incomplete. */
export function configStatus(
  binding: AgentToolBinding,
  tool: BindableTool | undefined,
): ConfigStatus {
  return tool && missingFields(binding, tool).length === 0 ? 'complete' : 'incomplete';
}

/** The write-only fields of a tool's form. */
export function secretFieldsOf(tool: BindableTool | undefined): ReadonlySet<string> {
  const properties = Object.entries(propertiesOf(tool));
  return new Set(
    properties.filter(([, { writeOnly }]) => writeOnly === true).map(([name]) => name),
  );
}

function fieldsOf(tool: BindableTool | undefined): readonly string[] {
  return Object.keys(propertiesOf(tool));
}

function propertiesOf(tool: BindableTool | undefined): Record<string, { writeOnly?: unknown }> {
  return (tool?.configSchema?.properties ?? {}) as Record<string, { writeOnly?: unknown }>;
}

function ownValue(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** The part of an agent that contains tool bindings. */
type Bound = Pick<Agent, 'toolBindings'>;

/** @throws DomainError `tool_binding.not_found` */
export function toolBindingOf({ toolBindings = [] }: Bound, toolId: string): AgentToolBinding {
  const binding = toolBindings.find((it) => it.toolId === toolId);
  if (binding) return binding;
  throw new DomainError('tool_binding.not_found', `the agent has no binding of '${toolId}'`);
}

/**
 * Binds the tool, or changes the config of its binding.
 *
 * @param secretIds the ids of the config's new secrets in the secret store, by field
 * @param at ISO-8601
 * @throws DomainError `request.invalid`; `tool_binding.not_found` for `merge` without a binding
 */
export function configureToolBinding<A extends Bound>(
  agent: A,
  change: GivenConfig,
  secretIds: ReadonlyMap<string, string>,
  at: string,
): A {
  const { toolBindings = [] } = agent;
  const { mode, tool } = change;
  const current =
    mode === 'merge'
      ? toolBindingOf(agent, tool.id)
      : toolBindings.find(({ toolId }) => toolId === tool.id);
  const binding = configured(current, change, secretIds, at);
  if (current) return replaced(agent, current, binding);
  return { ...agent, toolBindings: [...toolBindings, binding] };
}

/** @throws DomainError `tool_binding.not_found` */
export function removeToolBinding<A extends Bound>(agent: A, toolId: string): A {
  const binding = toolBindingOf(agent, toolId);
  return { ...agent, toolBindings: agent.toolBindings?.filter((it) => it !== binding) ?? [] };
}

/** @throws DomainError `tool_binding.not_found` */
export function setToolBindingEnabled<A extends Bound>(
  agent: A,
  toolId: string,
  enabled: boolean,
): A {
  const binding = toolBindingOf(agent, toolId);
  if (binding.enabled === enabled) return agent;
  return replaced(agent, binding, { ...binding, enabled });
}

/** @throws DomainError `tool_binding.not_found` */
export function connectToolBinding<A extends Bound>(
  agent: A,
  toolId: string,
  oauth: OAuthConnection,
): A {
  const binding = toolBindingOf(agent, toolId);
  return replaced(agent, binding, { ...binding, oauth });
}

/** Returns the agent unchanged if no binding has the credential. */
export function disconnectToolBinding<A extends Bound>(agent: A, credentialId: string): A {
  const binding = agent.toolBindings?.find(({ oauth }) => oauth?.credentialId === credentialId);
  if (!binding) return agent;
  const { oauth, ...rest } = binding;
  return replaced(agent, binding, rest);
}

/** The ids of the secrets of the agent's bindings. */
export function secretIdsOf({ toolBindings = [] }: Bound): ReadonlySet<string> {
  return new Set(
    toolBindings.flatMap(({ secrets = {} }) => Object.values(secrets).map(({ id }) => id)),
  );
}

/** The ids of the OAuth credentials of the agent's bindings. */
export function credentialIdsOf({ toolBindings = [] }: Bound): ReadonlySet<string> {
  return new Set(toolBindings.flatMap(({ oauth }) => (oauth ? [oauth.credentialId] : [])));
}

function replaced<A extends Bound>(agent: A, old: AgentToolBinding, now: AgentToolBinding): A {
  return { ...agent, toolBindings: agent.toolBindings?.map((it) => (it === old ? now : it)) ?? [] };
}

import type { Agent } from './agent.ts';
import { DomainError, invalid, type Problem } from './errors.ts';
import {
  type AgentToolBinding,
  type BindableTool,
  emptyBinding,
  type OAuthConnection,
} from './tool-binding.ts';
import { configured, type GivenConfig, newSecrets } from './tool-config.ts';

/** The part of an agent that bindings are in. */
type Bound = Pick<Agent, 'toolBindings'>;

/** @throws DomainError `tool_binding.not_found` */
export function bindingOf({ toolBindings = [] }: Bound, toolId: string): AgentToolBinding {
  const binding = toolBindings.find((it) => it.toolId === toolId);
  if (binding) return binding;
  throw new DomainError('tool_binding.not_found', `the agent has no binding of '${toolId}'`);
}

/**
 * Binds the tool, or gives its binding another config.
 *
 * @param secretIds where the config's new secrets are stored, by field
 * @param at ISO-8601
 * @throws DomainError `request.invalid`; `tool_binding.not_found` where a config is merged into none
 */
export function configureBinding<A extends Bound>(
  agent: A,
  change: GivenConfig,
  secretIds: ReadonlyMap<string, string>,
  at: string,
): A {
  const { toolBindings = [] } = agent;
  const { mode, tool } = change;
  const current =
    mode === 'merge'
      ? bindingOf(agent, tool.id)
      : toolBindings.find(({ toolId }) => toolId === tool.id);
  const binding = configured(current, change, secretIds, at);
  if (current) return replaced(agent, current, binding);
  return { ...agent, toolBindings: [...toolBindings, binding] };
}

/** @throws DomainError `tool_binding.not_found` */
export function removeBinding<A extends Bound>(agent: A, toolId: string): A {
  const binding = bindingOf(agent, toolId);
  return { ...agent, toolBindings: agent.toolBindings?.filter((it) => it !== binding) ?? [] };
}

/** @throws DomainError `tool_binding.not_found` */
export function setBindingEnabled<A extends Bound>(agent: A, toolId: string, enabled: boolean): A {
  const binding = bindingOf(agent, toolId);
  if (binding.enabled === enabled) return agent;
  return replaced(agent, binding, { ...binding, enabled });
}

/** @throws DomainError `tool_binding.not_found` */
export function connectBinding<A extends Bound>(
  agent: A,
  toolId: string,
  oauth: OAuthConnection,
): A {
  const binding = bindingOf(agent, toolId);
  return replaced(agent, binding, { ...binding, oauth });
}

/** Does nothing when the binding has that credential no more. */
export function disconnectBinding<A extends Bound>(agent: A, credentialId: string): A {
  const binding = agent.toolBindings?.find(({ oauth }) => oauth?.credentialId === credentialId);
  if (!binding) return agent;
  const { oauth, ...rest } = binding;
  return replaced(agent, binding, rest);
}

/** A binding as an export holds it. */
export interface ExportedBinding {
  readonly toolId: string;
  readonly enabled?: boolean | null | undefined;
  readonly config?: Readonly<Record<string, unknown>> | null | undefined;
}

/**
 * The bindings as an export has them, in its order. A tool that stays bound keeps
 * its secrets and its grant; an export holds neither.
 *
 * @param at ISO-8601
 * @throws DomainError `request.invalid` with every problem
 */
export function replaceBindings<A extends Bound>(
  agent: A,
  given: readonly ExportedBinding[],
  toolOf: (toolId: string) => BindableTool | undefined,
  at: string,
): A {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  const toolBindings = given.flatMap((item, i) => {
    const tool = seen.has(item.toolId) ? 'twice' : toolOf(item.toolId);
    seen.add(item.toolId);
    const result = tool === 'twice' ? refused('is bound twice') : imported(agent, tool, item, at);
    if ('toolId' in result) return [result];
    problems.push(...result.problems.map((it) => ({ ...it, path: `[${i}].${it.path}` })));
    return [];
  });
  if (problems.length > 0) throw invalid(problems);
  return { ...agent, toolBindings };
}

function imported(
  { toolBindings = [] }: Bound,
  tool: BindableTool | undefined,
  { toolId, enabled, config }: ExportedBinding,
  at: string,
): AgentToolBinding | { readonly problems: readonly Problem[] } {
  if (!tool) return refused('is not a tool of the catalog');
  const change = { tool, mode: 'replace', config: config ?? {} } as const;
  const secrets = [...newSecrets(change).keys()];
  if (secrets.length > 0) {
    const message = 'is write-only: give it to the binding itself';
    return { problems: secrets.map((field) => ({ path: `config.${field}`, message })) };
  }
  const current = toolBindings.find((it) => it.toolId === toolId) ?? emptyBinding(toolId);
  try {
    const { config: checked } = configured(current, change, new Map(), at);
    return { ...current, enabled: enabled ?? true, config: checked };
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

function refused(message: string): { readonly problems: readonly Problem[] } {
  return { problems: [{ path: 'toolId', message }] };
}

/** The secrets that the agent's bindings refer to. */
export function secretIdsOf({ toolBindings = [] }: Bound): ReadonlySet<string> {
  return new Set(
    toolBindings.flatMap(({ secrets = {} }) => Object.values(secrets).map(({ id }) => id)),
  );
}

/** The OAuth credentials that the agent's bindings refer to. */
export function credentialIdsOf({ toolBindings = [] }: Bound): ReadonlySet<string> {
  return new Set(toolBindings.flatMap(({ oauth }) => (oauth ? [oauth.credentialId] : [])));
}

function replaced<A extends Bound>(agent: A, old: AgentToolBinding, now: AgentToolBinding): A {
  return { ...agent, toolBindings: agent.toolBindings?.map((it) => (it === old ? now : it)) ?? [] };
}

import type { Agent } from './agents.ts';
import { emptyToolBinding } from './tool-bindings.ts';

/** Binds the tools that are not bound yet, without a configuration. @returns their ids as `added` */
export function withEmptyBindings(
  agent: Agent,
  toolIds: readonly string[] = [],
): { readonly agent: Agent; readonly added: readonly string[] } {
  const { toolBindings = [] } = agent;
  const bound = new Set(toolBindings.map(({ toolId }) => toolId));
  const added = [...new Set(toolIds)].filter((id) => !bound.has(id));
  if (added.length === 0) return { agent, added };
  return {
    agent: { ...agent, toolBindings: [...toolBindings, ...added.map(emptyToolBinding)] },
    added,
  };
}

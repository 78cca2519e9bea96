/**
 * A catalog tool bound to an agent, as the agent's document holds it
 * (reference, "Tool bindings"). A write-only value is never in `config`: it is
 * in the secret store alone.
 */
export interface AgentToolBinding {
  /** The catalog id, e.g. `@anychat/tool.google-calendar`; unique within the agent. */
  readonly toolId: string;
  readonly enabled: boolean;
  readonly config: Readonly<Record<string, unknown>>;
}

/** The binding that an import makes for a tool that the agent has not bound yet. */
export function emptyBinding(toolId: string): AgentToolBinding {
  return { toolId, enabled: true, config: {} };
}

/** Why an agent cannot use a tool. */
export const TOOL_PROBLEMS = ['unknown', 'not_bound', 'disabled', 'not_ready'] as const;
export type ToolProblem = (typeof TOOL_PROBLEMS)[number];

/** A tool that is bound to an agent. */
export interface BoundTool {
  readonly enabled: boolean;
  /** Whether its config is complete and its grant, if it needs one, is usable. */
  readonly isReady: boolean;
}

/** The reason why an agent cannot use a tool; undefined if it can. */
export type ProblemOfTool = (toolId: string) => ToolProblem | undefined;

/**
 * The rule that readiness and the prompt share.
 *
 * @param isKnown whether the catalog has the tool
 * @param bound the agent's binding, if it has one
 */
export function toolProblem(
  isKnown: boolean,
  bound: BoundTool | undefined,
): ToolProblem | undefined {
  if (!isKnown) return 'unknown';
  if (!bound) return 'not_bound';
  if (!bound.enabled) return 'disabled';
  return bound.isReady ? undefined : 'not_ready';
}

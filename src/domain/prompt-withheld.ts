import type { ProblemOfTool, ToolProblem } from './tool-problems.ts';

/** The kinds of parts that a playbook refers to, or switches to. */
export const WITHHELD_KINDS = ['skill', 'tool', 'messageTemplate', 'playbook'] as const;
export type WithheldKind = (typeof WITHHELD_KINDS)[number];

export const WITHHELD_REASONS = [
  'not_found',
  'disabled',
  'tool_unknown',
  'tool_not_bound',
  'tool_disabled',
  'tool_not_ready',
  'message_blocked',
  'message_omitted',
  'no_when_to_use',
] as const;
export type WithheldReason = (typeof WITHHELD_REASONS)[number];

/** A part that the model does not get although the active playbook, or its index, would have it. */
export interface Withheld {
  readonly kind: WithheldKind;
  readonly id: string;
  readonly reason: WithheldReason;
  /** The tool that the part lacks. */
  readonly toolId?: string;
}

const TOOL_REASONS: Readonly<Record<ToolProblem, WithheldReason>> = {
  unknown: 'tool_unknown',
  not_bound: 'tool_not_bound',
  disabled: 'tool_disabled',
  not_ready: 'tool_not_ready',
};

/**
 * Why a skill is withheld; undefined if it is not.
 *
 * @param skill undefined for an id that is no skill of the agent
 */
export function skillWithheld(
  id: string,
  skill: { readonly enabled: boolean; readonly requiredTools?: readonly string[] } | undefined,
  problemOfTool: ProblemOfTool,
): Withheld | undefined {
  const kind = 'skill';
  if (!skill) return { kind, id, reason: 'not_found' };
  if (!skill.enabled) return { kind, id, reason: 'disabled' };
  for (const toolId of skill.requiredTools ?? []) {
    const problem = problemOfTool(toolId);
    if (problem) return { kind, id, reason: TOOL_REASONS[problem], toolId };
  }
  return undefined;
}

/** The tools of a playbook that the agent cannot use. */
export function toolsWithheld(
  toolIds: readonly string[],
  problemOfTool: ProblemOfTool,
): readonly Withheld[] {
  return toolIds.flatMap((id) => {
    const problem = problemOfTool(id);
    return problem
      ? [{ kind: 'tool' as const, id, reason: TOOL_REASONS[problem], toolId: id }]
      : [];
  });
}

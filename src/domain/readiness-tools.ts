import type {
  Finding,
  Grant,
  ReadinessAgent,
  ReadinessCode,
  ReadinessContext,
} from './readiness.ts';
import { type AgentToolBinding, missingFields } from './tool-bindings.ts';
import { type ProblemOfTool, type ToolProblem, toolProblem } from './tool-problems.ts';

/** By tool id: the bound tools and their problems. */
export type ToolStates = ReadonlyMap<string, ToolState>;

interface ToolState {
  readonly enabled: boolean;
  readonly findings: readonly Finding[];
}

const GRANTS: Readonly<Record<Grant['state'], readonly [ReadinessCode, string] | undefined>> = {
  connected: undefined,
  'not-connected': ['tool.not_connected', 'is not connected: it has not been granted access yet'],
  expired: ['tool.grant_expired', 'must be connected again: its grant has expired'],
  revoked: ['tool.grant_revoked', 'must be connected again: its grant was revoked'],
  error: ['tool.grant_failing', 'cannot use its grant'],
};

/** The parts of the context that the state of a tool depends on. */
type ToolContext = Pick<ReadinessContext, 'tools' | 'grants' | 'unreadable'>;

/** A disabled tool has no problems. */
export function toolStates(
  { toolBindings = [] }: Pick<ReadinessAgent, 'toolBindings'>,
  context: ToolContext,
): ToolStates {
  return new Map(
    toolBindings.map((binding) => {
      const { toolId, enabled } = binding;
      const findings = enabled ? bindingFindings(binding, context) : [];
      return [toolId, { enabled, findings }];
    }),
  );
}

function bindingFindings(
  binding: AgentToolBinding,
  { tools, grants, unreadable }: ToolContext,
): readonly Finding[] {
  const { toolId: id, secrets = {} } = binding;
  const tool = tools.get(id);
  const field = `toolBindings[${id}]`;
  if (!tool) {
    return [
      { code: 'tool.unknown', id, field, message: `the catalog no longer has the tool '${id}'` },
    ];
  }
  return [
    ...missingFields(binding, tool).map(
      (name): Finding => ({
        code: 'tool.config_missing',
        id,
        field: `${field}.config.${name}`,
        message: `the config of the tool '${id}' lacks '${name}'`,
      }),
    ),
    ...Object.entries(secrets)
      .filter(([, secret]) => unreadable.has(secret.id))
      .map(
        ([name]): Finding => ({
          code: 'tool.secret_unreadable',
          id,
          field: `${field}.config.${name}`,
          message: `the stored '${name}' of the tool '${id}' cannot be read: enter it again`,
        }),
      ),
    ...grantFindings(id, grants.get(id)),
  ];
}

function grantFindings(id: string, grant: Grant | undefined): readonly Finding[] {
  const problem = grant && GRANTS[grant.state];
  if (!problem) return [];
  const [code, text] = problem;
  const why = grant.lastError ? ` (${grant.lastError})` : '';
  return [
    { code, id, field: `toolBindings[${id}].oauth`, message: `the tool '${id}' ${text}${why}` },
  ];
}

/** Why the agent cannot use a tool: the rule of `skillFindings`, for the prompt. */
export function problemOfTool(
  agent: Pick<ReadinessAgent, 'toolBindings'>,
  context: ToolContext,
): ProblemOfTool {
  return problemIn(context, toolStates(agent, context));
}

function problemIn({ tools }: Pick<ToolContext, 'tools'>, states: ToolStates): ProblemOfTool {
  return (toolId) => {
    const state = states.get(toolId);
    const bound = state && { enabled: state.enabled, isReady: state.findings.length === 0 };
    return toolProblem(tools.get(toolId) !== undefined, bound);
  };
}

/** The problems of enabled skills. */
export function skillFindings(
  { skills = [] }: ReadinessAgent,
  context: ReadinessContext,
  states: ToolStates,
): readonly Finding[] {
  const problemOf = problemIn(context, states);
  return skills
    .filter(({ enabled }) => enabled)
    .flatMap(({ id, requiredTools = [] }) =>
      requiredTools.flatMap((toolId) => {
        const problem = problemOf(toolId);
        if (!problem) return [];
        const { code, text, fieldOf } = REQUIREMENTS[problem];
        const field = fieldOf?.(toolId, states.get(toolId)) ?? `skills[${id}].requiredTools`;
        return [{ code, id, field, message: `the skill '${id}' needs '${toolId}', which ${text}` }];
      }),
    );
}

interface Requirement {
  readonly code: ReadinessCode;
  readonly text: string;
  /** The field to fix, if it is not one of the skill. */
  readonly fieldOf?: (toolId: string, state: ToolState | undefined) => string | undefined;
}

const REQUIREMENTS: Readonly<Record<ToolProblem, Requirement>> = {
  unknown: { code: 'skill.tool_unknown', text: 'is not a tool of the catalog' },
  not_bound: {
    code: 'skill.tool_not_bound',
    text: 'is not bound',
    fieldOf: () => 'toolBindings',
  },
  disabled: {
    code: 'skill.tool_disabled',
    text: 'is disabled',
    fieldOf: (toolId) => `toolBindings[${toolId}].enabled`,
  },
  not_ready: {
    code: 'skill.tool_not_ready',
    text: 'is not ready',
    fieldOf: (_, state) => state?.findings[0]?.field,
  },
};

/** References of playbooks to items that do not exist. */
export function playbookFindings(
  { playbooks = [], skills = [], messageTemplates = [] }: ReadinessAgent,
  { tools, systemSkills }: ReadinessContext,
  states: ToolStates,
): readonly Finding[] {
  const ownSkills = new Set(skills.map(({ id }) => id));
  const templates = new Set(messageTemplates.map(({ id }) => id));
  return playbooks.flatMap(({ id, skillRefs = [], toolRefs = [], messageTemplateRefs = [] }) => {
    const finding = (code: ReadinessCode, list: string, text: string, field?: string): Finding => ({
      code,
      id,
      field: field ?? `playbooks[${id}].${list}`,
      message: `the playbook '${id}' refers to ${text}`,
    });
    return [
      ...skillRefs
        .filter((ref) => !ownSkills.has(ref) && !systemSkills.get(ref))
        .map((ref) =>
          finding(
            'playbook.skill_missing',
            'skillRefs',
            `the skill '${ref}', which does not exist`,
          ),
        ),
      ...toolRefs.flatMap((ref) => {
        if (!tools.get(ref)) {
          const text = `the tool '${ref}', which the catalog does not have`;
          return [finding('playbook.tool_unknown', 'toolRefs', text)];
        }
        if (states.has(ref)) return [];
        const text = `the tool '${ref}', which is not bound`;
        return [finding('playbook.tool_not_bound', 'toolRefs', text, 'toolBindings')];
      }),
      ...messageTemplateRefs
        .filter((ref) => !templates.has(ref))
        .map((ref) =>
          finding(
            'playbook.message_template_missing',
            'messageTemplateRefs',
            `the message template '${ref}', which does not exist`,
          ),
        ),
    ];
  });
}

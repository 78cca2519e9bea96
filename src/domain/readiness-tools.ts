import type {
  Finding,
  Grant,
  ReadinessAgent,
  ReadinessCode,
  ReadinessContext,
} from './readiness.ts';
import { type AgentToolBinding, type BindableTool, missingFields } from './tool-bindings.ts';

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

/** A disabled tool has no problems. */
export function toolStates(
  { toolBindings = [] }: ReadinessAgent,
  context: ReadinessContext,
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
  { tools, grants }: ReadinessContext,
): readonly Finding[] {
  const { toolId: id } = binding;
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

/** The problems of enabled skills. */
export function skillFindings(
  { skills = [] }: ReadinessAgent,
  { tools }: ReadinessContext,
  states: ToolStates,
): readonly Finding[] {
  return skills
    .filter(({ enabled }) => enabled)
    .flatMap(({ id, requiredTools = [] }) =>
      requiredTools.flatMap((toolId) => {
        const problem = requirementProblem(toolId, tools.get(toolId), states.get(toolId));
        if (!problem) return [];
        const { code, field = `skills[${id}].requiredTools`, text } = problem;
        return [{ code, id, field, message: `the skill '${id}' needs '${toolId}', which ${text}` }];
      }),
    );
}

interface RequirementProblem {
  readonly code: ReadinessCode;
  /** The field to fix, if it is not one of the skill. */
  readonly field?: string;
  readonly text: string;
}

function requirementProblem(
  toolId: string,
  tool: BindableTool | undefined,
  state: ToolState | undefined,
): RequirementProblem | undefined {
  if (!tool) return { code: 'skill.tool_unknown', text: 'is not a tool of the catalog' };
  if (!state) {
    return { code: 'skill.tool_not_bound', field: 'toolBindings', text: 'is not bound' };
  }
  if (!state.enabled) {
    const field = `toolBindings[${toolId}].enabled`;
    return { code: 'skill.tool_disabled', field, text: 'is disabled' };
  }
  const [first] = state.findings;
  return first && { code: 'skill.tool_not_ready', field: first.field, text: 'is not ready' };
}

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

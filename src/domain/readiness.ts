import type { Agent } from './agents.ts';
import type { CatalogKind, CatalogView } from './catalog-view.ts';
import type { OutreachLink } from './outreach-links.ts';
import { promptFindings } from './readiness-prompt.ts';
import { channelFindings, outreachFindings } from './readiness-reach.ts';
import { playbookFindings, skillFindings, type ToolStates, toolStates } from './readiness-tools.ts';
import { READINESS_SECTIONS, type ReadinessSection } from './sections.ts';
import type { BindableTool } from './tool-bindings.ts';

export const READINESS_SEVERITIES = ['error', 'warning'] as const;
/** An error prevents a part of the agent from working. A warning does not. */
export type ReadinessSeverity = (typeof READINESS_SEVERITIES)[number];

const SEVERITIES = {
  'tool.unknown': 'error',
  'tool.config_missing': 'error',
  'tool.secret_unreadable': 'error',
  'tool.not_connected': 'error',
  'tool.grant_expired': 'error',
  'tool.grant_revoked': 'error',
  'tool.grant_failing': 'error',
  'skill.tool_unknown': 'error',
  'skill.tool_not_bound': 'error',
  'skill.tool_disabled': 'error',
  'skill.tool_not_ready': 'error',
  'playbook.skill_missing': 'error',
  'playbook.tool_unknown': 'error',
  'playbook.tool_not_bound': 'error',
  'playbook.message_template_missing': 'error',
  'channel.none_active': 'error',
  'channel.pending': 'error',
  'channel.action_required': 'error',
  'channel.failed': 'error',
  'channel.credentials_unreadable': 'error',
  'outreach.greeting_missing': 'error',
  'outreach.greeting_blocked': 'error',
  'outreach.link_channel_inactive': 'error',
  'playbook.unreachable': 'warning',
  'playbook.message_template_blocked': 'warning',
  'prompt.topic_contradicted': 'warning',
  'prompt.rule_contradicted': 'warning',
  'prompt.paragraph_repeated': 'warning',
  'prompt.slot_unresolved': 'warning',
  'prompt.tool_not_bound': 'warning',
  'prompt.too_long': 'warning',
  'prompt.section_dominates': 'warning',
} as const satisfies Readonly<Record<string, ReadinessSeverity>>;
export type ReadinessCode = keyof typeof SEVERITIES;
export const READINESS_CODES = Object.keys(SEVERITIES) as readonly ReadinessCode[];

export function severityOf(code: ReadinessCode): ReadinessSeverity {
  return SEVERITIES[code];
}

/** A problem of a part of an agent. `severityOf` its code says whether it prevents the part from working. */
export interface Finding {
  readonly code: ReadinessCode;
  /** The item with the problem; unset for the agent as a whole. */
  readonly id?: string;
  /** The field to fix, as a path within the agent with items by id, e.g. `channels[chan_1].inputs`. */
  readonly field: string;
  /** For people. */
  readonly message: string;
}

/** The state of a tool's OAuth grant. */
export interface Grant {
  readonly state: 'not-connected' | 'connected' | 'expired' | 'revoked' | 'error';
  readonly lastError?: string;
}

/** The data that readiness reads besides the agent's document. */
export interface ReadinessContext {
  readonly tools: CatalogKind<BindableTool>;
  readonly systemSkills: CatalogView['systemSkills'];
  /** By tool id, for the bound tools that need a grant. */
  readonly grants: ReadonlyMap<string, Grant>;
  /** The ids of the agent's secrets that the store has lost, or that no key opens. */
  readonly unreadable: ReadonlySet<string>;
  /** The outreach links to check: the newest, a bounded number. */
  readonly links: readonly OutreachLink[];
}

/** The parts of an agent that readiness reads. */
export const READINESS_PARTS = ['name', 'channels', ...READINESS_SECTIONS] as const;
export type ReadinessAgent = Pick<Agent, 'name' | 'channels' | ReadinessSection>;

/**
 * Every problem that prevents the agent's tools, skills, playbooks, channels and outreach
 * from working, then warnings about its prompts. A disabled part is no problem unless an enabled
 * part needs it.
 */
export function readinessOf(
  agent: ReadinessAgent,
  context: ReadinessContext,
  now: Date,
): readonly Finding[] {
  const tools: ToolStates = toolStates(agent, context);
  return [
    ...[...tools.values()].flatMap(({ findings }) => findings),
    ...skillFindings(agent, context, tools),
    ...playbookFindings(agent, context, tools),
    ...channelFindings(agent, context),
    ...outreachFindings(agent, context, now),
    ...promptFindings(agent),
  ];
}

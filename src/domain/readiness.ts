import type { Agent } from './agents.ts';
import type { CatalogKind, CatalogView } from './catalog-view.ts';
import type { OutreachLink } from './outreach-links.ts';
import { channelFindings, outreachFindings } from './readiness-reach.ts';
import { playbookFindings, skillFindings, type ToolStates, toolStates } from './readiness-tools.ts';
import { READINESS_SECTIONS, type ReadinessSection } from './sections.ts';
import type { BindableTool } from './tool-bindings.ts';

export const READINESS_CODES = [
  'tool.unknown',
  'tool.config_missing',
  'tool.not_connected',
  'tool.grant_expired',
  'tool.grant_revoked',
  'tool.grant_failing',
  'skill.tool_unknown',
  'skill.tool_not_bound',
  'skill.tool_disabled',
  'skill.tool_not_ready',
  'playbook.skill_missing',
  'playbook.tool_unknown',
  'playbook.tool_not_bound',
  'playbook.message_template_missing',
  'channel.none_active',
  'channel.pending',
  'channel.action_required',
  'channel.failed',
  'outreach.greeting_missing',
  'outreach.greeting_blocked',
  'outreach.link_channel_inactive',
] as const;
export type ReadinessCode = (typeof READINESS_CODES)[number];

/** A problem that prevents a part of an agent from working. */
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
  /** The outreach links to check: the newest, a bounded number. */
  readonly links: readonly OutreachLink[];
}

/** The parts of an agent that readiness reads. */
export const READINESS_PARTS = ['name', 'channels', ...READINESS_SECTIONS] as const;
export type ReadinessAgent = Pick<Agent, 'name' | 'channels' | ReadinessSection>;

/**
 * Every problem that prevents the agent's tools, skills, playbooks, channels and outreach
 * from working. A disabled part is no problem unless an enabled part needs it.
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
    ...channelFindings(agent),
    ...outreachFindings(agent, context, now),
  ];
}

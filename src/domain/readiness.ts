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

/** Something that keeps a part of an agent from working. */
export interface Finding {
  readonly code: ReadinessCode;
  /** The item it is about; unset where it is about the agent as a whole. */
  readonly id?: string;
  /** What to fix: a path within the agent, items by their id, e.g. `channels[chan_1].inputs`. */
  readonly field: string;
  /** For people. */
  readonly message: string;
}

/** How a tool's grant stands. */
export interface Grant {
  readonly state: 'not-connected' | 'connected' | 'expired' | 'revoked' | 'error';
  readonly lastError?: string;
}

/** What is known of an agent beside its document. */
export interface Surroundings {
  readonly tools: CatalogKind<BindableTool>;
  readonly systemSkills: CatalogView['systemSkills'];
  /** By tool id, of the bound tools that take a grant. */
  readonly grants: ReadonlyMap<string, Grant>;
  /** The outreach links to look at: the newest, a bounded number. */
  readonly links: readonly OutreachLink[];
}

/** The parts of an agent that readiness reads. */
export const READINESS_PARTS = ['name', 'channels', ...READINESS_SECTIONS] as const;
export type ReadinessAgent = Pick<Agent, 'name' | 'channels' | ReadinessSection>;

/**
 * Everything that keeps the agent's tools, skills, playbooks, channels and
 * outreach from working. What was switched off on purpose is no finding, unless
 * something that is on needs it.
 */
export function readinessOf(
  agent: ReadinessAgent,
  around: Surroundings,
  now: Date,
): readonly Finding[] {
  const tools: ToolStates = toolStates(agent, around);
  return [
    ...[...tools.values()].flatMap(({ findings }) => findings),
    ...skillFindings(agent, around, tools),
    ...playbookFindings(agent, around, tools),
    ...channelFindings(agent),
    ...outreachFindings(agent, around, now),
  ];
}

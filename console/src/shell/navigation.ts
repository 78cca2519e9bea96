import type { Guarded } from '../rights/can.ts';
import { shell } from '../texts/shell.ts';
import type { IconName } from '../ui/icons.tsx';

/** An entry of a navigation. It is offered to callers who may use the field. */
interface Section<To extends string> {
  readonly label: string;
  readonly to: To;
  readonly right: Guarded;
}

/** The screens of an org, in the order of the menu. */
export const ORG_SECTIONS = [
  { label: shell.agents, to: '/orgs/$org/agents', right: 'Org.agents', icon: 'agents' },
  { label: shell.members, to: '/orgs/$org/members', right: 'Org.members', icon: 'people' },
  { label: shell.apiKeys, to: '/orgs/$org/api-keys', right: 'Org.apiKeys', icon: 'key' },
  { label: shell.webhooks, to: '/orgs/$org/webhooks', right: 'Org.webhooks', icon: 'webhook' },
  { label: shell.auditLog, to: '/orgs/$org/audit-log', right: 'Org.auditLog', icon: 'log' },
  { label: shell.settings, to: '/orgs/$org/settings', right: 'updateOrg', icon: 'settings' },
] as const satisfies readonly (Section<`/orgs/$org/${string}`> & { readonly icon: IconName })[];

/** The screens of an agent, in the order of its tabs. */
export const AGENT_SECTIONS = [
  { label: shell.overview, to: '/orgs/$org/agents/$agent', right: 'Org.agent' },
  { label: shell.edit, to: '/orgs/$org/agents/$agent/edit', right: 'importAgentDocument' },
  { label: shell.prompt, to: '/orgs/$org/agents/$agent/prompt', right: 'Agent.prompt' },
  { label: shell.tools, to: '/orgs/$org/agents/$agent/tools', right: 'Org.agent' },
  { label: shell.channels, to: '/orgs/$org/agents/$agent/channels', right: 'Org.agent' },
  {
    label: shell.conversations,
    to: '/orgs/$org/agents/$agent/conversations',
    right: 'Agent.conversations',
  },
  { label: shell.people, to: '/orgs/$org/agents/$agent/people', right: 'Agent.people' },
  { label: shell.history, to: '/orgs/$org/agents/$agent/history', right: 'Agent.history' },
] as const satisfies readonly Section<`/orgs/$org/agents/$agent${string}`>[];

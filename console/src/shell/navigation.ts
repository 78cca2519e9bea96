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
] as const satisfies readonly (Section<`/orgs/$org/${string}`> & { readonly icon: IconName })[];

/** The screens of an agent, in the order of its tabs. */
export const AGENT_SECTIONS = [
  { label: shell.overview, to: '/orgs/$org/agents/$agent', right: 'Org.agent' },
  { label: shell.history, to: '/orgs/$org/agents/$agent/history', right: 'Agent.history' },
] as const satisfies readonly Section<`/orgs/$org/agents/$agent${string}`>[];

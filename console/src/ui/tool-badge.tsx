import { Badge } from '@mantine/core';
import type { grantStates } from '../texts/names.ts';
import { toolsTexts } from '../texts/tools.ts';
import { GrantBadge } from './status-badge.tsx';

interface ToolBadgeProps {
  readonly enabled: boolean;
  readonly configStatus: 'COMPLETE' | 'INCOMPLETE';
  /** Null if the tool requires no grant. */
  readonly oauth: { readonly state: keyof typeof grantStates } | null;
}

/** What keeps a tool from working, or that nothing does. */
export function ToolBadge({ enabled, configStatus, oauth }: ToolBadgeProps) {
  const { off, incomplete, ready } = toolsTexts.states;
  if (!enabled) return <Badge color="gray">{off}</Badge>;
  if (configStatus === 'INCOMPLETE') return <Badge color="orange">{incomplete}</Badge>;
  return oauth ? <GrantBadge state={oauth.state} /> : <Badge color="green">{ready}</Badge>;
}

import { Badge } from '@mantine/core';
import { agentsTexts } from '../texts/agents.ts';
import { common } from '../texts/common.ts';

interface ReadinessBadgeProps {
  /** Null if the caller may not see them. */
  readonly findings: readonly { readonly severity: 'ERROR' | 'WARNING' }[] | null;
}

export function ReadinessBadge({ findings }: ReadinessBadgeProps) {
  if (!findings) return <>{common.none}</>;
  const errors = findings.filter(({ severity }) => severity === 'ERROR').length;
  const warnings = findings.length - errors;
  if (errors > 0) return <Badge color="red">{agentsTexts.problems(errors)}</Badge>;
  if (warnings > 0) return <Badge color="yellow">{agentsTexts.warnings(warnings)}</Badge>;
  return <Badge color="green">{agentsTexts.ready}</Badge>;
}

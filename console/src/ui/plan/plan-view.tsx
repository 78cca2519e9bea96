import { Alert, List, Stack, Text } from '@mantine/core';
import type { ResultOf } from '../../graphql/graphql.ts';
import { planTexts } from '../../texts/plan.ts';
import { ChangeList } from '../changes/change-list.tsx';
import { CreatedAgent } from './created-agent.tsx';
import type { PLAN } from './queries.ts';

export type Plan = ResultOf<typeof PLAN>;
type Finding = Plan['readiness']['after'][number];

/** What a change would do: what is refused, every field, and what it does to the readiness. */
export function PlanView({ plan }: { readonly plan: Plan }) {
  const { blockers } = plan;
  return (
    <Stack gap="md">
      {blockers.length > 0 && (
        <Alert color="red" title={planTexts.blocked} role="alert">
          <List size="sm">
            {blockers.map(({ code, path, message }) => (
              <List.Item key={`${code} ${path} ${message}`}>
                {path ? `${path}: ${message}` : message}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      <Effect {...plan} />
    </Stack>
  );
}

function Effect({ baseVersion, blockers, changes, readiness }: Plan) {
  if (baseVersion === 0) {
    const { after } = readiness;
    return (
      <>
        <CreatedAgent changes={changes} />
        {after.length > 0 && (
          <Findings color="yellow" title={planTexts.left(after.length)} findings={after} />
        )}
      </>
    );
  }
  if (blockers.length > 0 && changes.length === 0) return null;
  return (
    <>
      <ChangeList changes={changes} />
      {changes.length > 0 && <Readiness {...readiness} />}
    </>
  );
}

function Readiness({ before, after }: Plan['readiness']) {
  const fixed = without(before, after);
  const caused = without(after, before);
  if (fixed.length === 0 && caused.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {planTexts.sameReadiness}
      </Text>
    );
  }
  return (
    <Stack gap="xs" role="group" aria-label={planTexts.readiness}>
      {caused.length > 0 && (
        <Findings color="yellow" title={planTexts.caused(caused.length)} findings={caused} />
      )}
      {fixed.length > 0 && (
        <Findings color="green" title={planTexts.fixed(fixed.length)} findings={fixed} />
      )}
    </Stack>
  );
}

interface FindingsProps {
  readonly color: string;
  readonly title: string;
  readonly findings: readonly Finding[];
}

function Findings({ color, title, findings }: FindingsProps) {
  return (
    <Alert color={color} title={title}>
      <List size="sm">
        {findings.map((it) => (
          <List.Item key={keyOf(it)}>
            <div className="finding">{it.message}</div>
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

function without(findings: readonly Finding[], others: readonly Finding[]): readonly Finding[] {
  const known = new Set(others.map(keyOf));
  return findings.filter((it) => !known.has(keyOf(it)));
}

function keyOf({ code, field, id }: Finding): string {
  return `${code} ${field} ${id ?? ''}`;
}

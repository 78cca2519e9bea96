import { Badge, Button, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { ResultOf } from '../../graphql/graphql.ts';
import { useOrg } from '../../session/viewer.tsx';
import { overviewTexts } from '../../texts/overview.ts';
import { AnchorLink } from '../../ui/links.tsx';
import { placeOf } from './place.ts';
import type { OVERVIEW } from './queries.ts';

export type Agent = NonNullable<NonNullable<ResultOf<typeof OVERVIEW>['org']>['agent']>;
export type Finding = NonNullable<Agent['readiness']>[number];

const SHOWN_AT_FIRST = 6;

/** What keeps the agent from working, problems first, each with the place that fixes it. */
export function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  const [isWhole, setWhole] = useState(false);
  if (findings.length === 0) return <Text>{overviewTexts.ready}</Text>;
  const ordered = findings.toSorted((a, b) => rank(a) - rank(b));
  const shown = isWhole ? ordered : ordered.slice(0, SHOWN_AT_FIRST);
  const hidden = ordered.length - shown.length;
  return (
    <>
      <ul className="rows">
        {shown.map((it) => (
          <li key={`${it.code} ${it.field}`}>
            <Badge color={it.severity === 'ERROR' ? 'red' : 'yellow'} miw="5.5rem">
              {overviewTexts.severities[it.severity]}
            </Badge>
            <Text size="sm" flex={1} className="finding">
              {it.message}
            </Text>
            <Fix finding={it} />
          </li>
        ))}
      </ul>
      {hidden > 0 && (
        <Button variant="subtle" size="compact-sm" mt="xs" onClick={() => setWhole(true)}>
          {overviewTexts.more(hidden)}
        </Button>
      )}
    </>
  );
}

/** A link to the place that fixes a finding, for callers who may. */
function Fix({ finding: { field, message } }: { readonly finding: Finding }) {
  const org = useOrg();
  const { agent } = useParams({ from: '/orgs/$org/agents/$agent' });
  const place = placeOf(field);
  if (!place || !org.can('importAgent')) return null;
  const { screen, ...search } = place;
  return (
    <AnchorLink
      to={`/orgs/$org/agents/$agent/${screen}`}
      params={{ org: org.id, agent }}
      search={search}
      size="sm"
      aria-label={overviewTexts.fixOf(message)}
    >
      {overviewTexts.fix}
    </AnchorLink>
  );
}

function rank({ severity }: Finding): number {
  return severity === 'ERROR' ? 0 : 1;
}

import { Badge, Button, Checkbox, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useRead } from '../../graphql/client.ts';
import type { ResultOf } from '../../graphql/graphql.ts';
import { useOrg } from '../../session/viewer.tsx';
import { historyTexts } from '../../texts/history.ts';
import { sectionNames } from '../../texts/names.ts';
import { authorName } from '../../ui/author.ts';
import { DayFields } from '../../ui/day-fields.tsx';
import { intervalOf } from '../../ui/days.ts';
import { doorOf } from '../../ui/door.ts';
import { FieldFailure } from '../../ui/field-failure.tsx';
import { AnchorLink, ButtonLink } from '../../ui/links.tsx';
import { optionsOf } from '../../ui/options.ts';
import { type Column, PagedList } from '../../ui/paged-list.tsx';
import { Empty } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { HISTORY } from './queries.ts';
import { type HistorySearch, isSection } from './search.ts';
import { Sections } from './sections.tsx';

const PAGE_SIZE = 25;
const FROM = '/orgs/$org/agents/$agent/history';

type Agent = NonNullable<NonNullable<ResultOf<typeof HISTORY>['org']>['agent']>;
type Version = NonNullable<Agent['history']>['nodes'][number];

/** The versions of an agent, newest first. */
export function HistoryScreen() {
  const org = useOrg();
  const { agent } = useParams({ from: FROM });
  const search = useSearch({ from: FROM });
  const navigate = useNavigate({ from: FROM });
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const { section, actor, from, to, after } = search;
  const query = useRead(
    HISTORY,
    {
      org: org.id,
      agent,
      section: section ?? null,
      actor: actor ?? null,
      ...intervalOf(search),
      first: PAGE_SIZE,
      after: after ?? null,
    },
    { keepPrevious: true },
  );
  const isFiltered = [section, actor, from, to].some((it) => it !== undefined);
  const choose = (version: number, isChosen: boolean) =>
    setChosen((others) =>
      // The third one replaces the first.
      isChosen ? [...others, version].slice(-2) : others.filter((it) => it !== version),
    );
  const versions = query.data?.data.org?.agent?.history?.nodes ?? [];
  return (
    <Stack gap="md">
      <Filters
        search={search}
        versions={versions}
        onFilter={(filters) => void navigate({ search: filters, replace: true })}
      />
      <Comparison agent={agent} chosen={chosen} />
      <PagedList
        label={historyTexts.versions}
        query={query}
        pageOf={({ data }) => data.org?.agent?.history}
        failed={(answer) => <FieldFailure answer={answer} field="org.agent" />}
        columns={columns(org.id, agent, chosen, choose)}
        keyOf={({ version }) => String(version)}
        empty={<Empty {...(isFiltered ? historyTexts.nothingFound : historyTexts.empty)} />}
        after={after}
        onPage={(next) => void navigate({ search: (it) => ({ ...it, after: next }) })}
      />
    </Stack>
  );
}

interface FiltersProps {
  readonly search: HistorySearch;
  /** Those of the page, whose authors can be chosen. */
  readonly versions: readonly Version[];
  readonly onFilter: (filters: HistorySearch) => void;
}

function Filters({ search: { after: _, ...filters }, versions, onFilter }: FiltersProps) {
  const authors = new Map(versions.map(({ actor }) => [actor.id, authorName(actor)]));
  if (filters.actor && !authors.has(filters.actor)) authors.set(filters.actor, filters.actor);
  return (
    <Group align="end" gap="sm" role="search" aria-label={historyTexts.filters}>
      <NativeSelect
        label={historyTexts.section}
        flex="1 1 10rem"
        data={[{ value: '', label: historyTexts.allSections }, ...optionsOf(sectionNames)]}
        value={filters.section ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onFilter({ ...filters, section: isSection(value) ? value : undefined })
        }
      />
      <NativeSelect
        label={historyTexts.author}
        flex="1 1 10rem"
        data={[
          { value: '', label: historyTexts.allAuthors },
          ...[...authors].map(([value, label]) => ({ value, label })),
        ]}
        value={filters.actor ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onFilter({ ...filters, actor: value || undefined })
        }
      />
      <DayFields days={filters} onChange={(changed) => onFilter({ ...filters, ...changed })} />
      <Button
        variant="default"
        disabled={Object.values(filters).every((it) => it === undefined)}
        onClick={() => onFilter({})}
      >
        {historyTexts.clear}
      </Button>
    </Group>
  );
}

function Comparison({
  agent,
  chosen,
}: {
  readonly agent: string;
  readonly chosen: readonly number[];
}) {
  const org = useOrg();
  const [from, to] = [...chosen].sort((one, other) => one - other);
  if (from === undefined || to === undefined) {
    return (
      <Text size="sm" c="dimmed" lh="2.25rem">
        {historyTexts.compareHint}
      </Text>
    );
  }
  return (
    <Group>
      <ButtonLink
        to="/orgs/$org/agents/$agent/history/$version"
        params={{ org: org.id, agent, version: String(to) }}
        search={{ against: from }}
      >
        {historyTexts.compareChosen(from, to)}
      </ButtonLink>
    </Group>
  );
}

function columns(
  org: string,
  agent: string,
  chosen: readonly number[],
  choose: (version: number, isChosen: boolean) => void,
): readonly Column<Version>[] {
  return [
    {
      header: historyTexts.columns.version,
      width: '10.5rem',
      cell: ({ version, current, at }) => (
        <>
          <Group gap="xs" wrap="nowrap">
            <Checkbox
              size="sm"
              aria-label={historyTexts.choose(version)}
              checked={chosen.includes(version)}
              onChange={({ currentTarget }) => choose(version, currentTarget.checked)}
            />
            <AnchorLink
              to="/orgs/$org/agents/$agent/history/$version"
              params={{ org, agent, version: String(version) }}
              fw={600}
            >
              {historyTexts.version(version)}
            </AnchorLink>
          </Group>
          <Text size="sm" c="dimmed" className="narrow-only">
            <Time at={at} />
          </Text>
          {current && <Badge mt={4}>{historyTexts.current}</Badge>}
        </>
      ),
    },
    {
      header: historyTexts.columns.change,
      cell: ({ message, sections, restoredFrom, actor, door }) => (
        <>
          {message && <Text fw={500}>{message}</Text>}
          {restoredFrom !== null && <Text size="sm">{historyTexts.restored(restoredFrom)}</Text>}
          <Sections sections={sections} />
          <Text size="sm" c="dimmed" className="narrow-only">
            {authorName(actor)} {doorOf(actor, door)}
          </Text>
        </>
      ),
    },
    {
      header: historyTexts.columns.author,
      wideOnly: true,
      width: '15rem',
      cell: ({ at, actor, door }) => (
        <>
          <Text>{authorName(actor)}</Text>
          <Text size="sm" c="dimmed">
            <Time at={at} /> {doorOf(actor, door)}
          </Text>
        </>
      ),
    },
  ];
}

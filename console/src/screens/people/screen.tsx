import { Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useRead } from '../../graphql/client.ts';
import type { ResultOf } from '../../graphql/graphql.ts';
import { useOrg } from '../../session/viewer.tsx';
import { personStatuses } from '../../texts/names.ts';
import { peopleTexts } from '../../texts/people.ts';
import { Breakable } from '../../ui/breakable.tsx';
import { FieldFailure } from '../../ui/field-failure.tsx';
import { AnchorLink } from '../../ui/links.tsx';
import { optionsOf } from '../../ui/options.ts';
import { type Column, PagedList } from '../../ui/paged-list.tsx';
import { personNameOf } from '../../ui/person-name.ts';
import { SearchField } from '../../ui/search-field.tsx';
import { Empty } from '../../ui/states.tsx';
import { PersonBadge } from '../../ui/status-badge.tsx';
import { Time } from '../../ui/time.tsx';
import { CreatePerson } from './create-person.tsx';
import { PEOPLE } from './queries.ts';
import { isPersonStatus } from './search.ts';

const PAGE_SIZE = 25;
const FROM = '/orgs/$org/agents/$agent/people';

type Org = NonNullable<ResultOf<typeof PEOPLE>['org']>;
type Person = NonNullable<NonNullable<Org['activity']>['people']>['nodes'][number];

export function PeopleScreen() {
  const org = useOrg();
  const { agent } = useParams({ from: FROM });
  const { q, status, after } = useSearch({ from: FROM });
  const navigate = useNavigate({ from: FROM });
  const query = useRead(
    PEOPLE,
    {
      org: org.id,
      agent,
      q: q ?? null,
      status: status ?? null,
      first: PAGE_SIZE,
      after: after ?? null,
    },
    { keepPrevious: true },
  );
  const isFiltered = q !== undefined || status !== undefined;
  return (
    <Stack gap="md">
      <Group align="end">
        <SearchField
          label={peopleTexts.search}
          value={q ?? ''}
          onSearch={(text) =>
            void navigate({
              search: (it) => ({ status: it.status, q: text || undefined }),
              replace: true,
            })
          }
        />
        <NativeSelect
          aria-label={peopleTexts.status}
          data={[{ value: '', label: peopleTexts.allStatuses }, ...optionsOf(personStatuses)]}
          value={status ?? ''}
          onChange={({ currentTarget: { value } }) =>
            void navigate({
              search: (it) => ({ q: it.q, status: isPersonStatus(value) ? value : undefined }),
            })
          }
        />
        {org.can('createPerson') && <CreatePerson agent={agent} />}
      </Group>
      <PagedList
        label={peopleTexts.title}
        query={query}
        pageOf={({ data }) => data.org?.activity?.people}
        failed={(answer) => <FieldFailure answer={answer} field="org" />}
        columns={columnsOf(org.id, agent)}
        keyOf={({ id }) => id}
        empty={<Empty {...(isFiltered ? peopleTexts.nothingFound : peopleTexts.empty)} />}
        after={after}
        onPage={(next) => void navigate({ search: (it) => ({ ...it, after: next }) })}
      />
    </Stack>
  );
}

function columnsOf(org: string, agent: string): readonly Column<Person>[] {
  return [
    {
      header: peopleTexts.columns.person,
      cell: (person) => (
        <>
          <AnchorLink
            to="/orgs/$org/agents/$agent/people/$person"
            params={{ org, agent, person: person.id }}
            fw={600}
          >
            {personNameOf(person)}
          </AnchorLink>
          <Group gap="0 0.75rem" c="dimmed" fz="sm">
            {person.email && (
              <span>
                <Breakable text={person.email} />
              </span>
            )}
            {person.phone && <span>{person.phone}</span>}
          </Group>
        </>
      ),
    },
    {
      header: peopleTexts.columns.company,
      wideOnly: true,
      width: '14rem',
      cell: ({ company, title }) => (
        <>
          <Text size="sm">{company}</Text>
          <Text size="sm" c="dimmed">
            {title}
          </Text>
        </>
      ),
    },
    {
      header: peopleTexts.columns.status,
      width: '8rem',
      cell: ({ status }) => <PersonBadge status={status} />,
    },
    {
      header: peopleTexts.columns.changed,
      wideOnly: true,
      width: '10rem',
      cell: ({ updatedAt }) => (
        <Text size="sm">
          <Time at={updatedAt} />
        </Text>
      ),
    },
  ];
}

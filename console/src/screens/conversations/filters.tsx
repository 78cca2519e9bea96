import { Button, Group, NativeSelect, Select, Switch } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useRead } from '../../graphql/client.ts';
import { useOrg } from '../../session/viewer.tsx';
import { conversationsTexts } from '../../texts/conversations.ts';
import { CHANNEL_OPTIONS } from '../../ui/channel-name.ts';
import { DayFields } from '../../ui/day-fields.tsx';
import { personNameOf } from '../../ui/person-name.ts';
import { PEOPLE_BY_NAME, PERSON_NAME } from './queries.ts';
import type { ConversationsSearch } from './search.ts';

const SEARCH_AFTER_MS = 250;

interface FiltersProps {
  readonly agent: string;
  readonly search: ConversationsSearch;
  readonly onFilter: (filters: ConversationsSearch) => void;
}

export function Filters({ agent, search: { after: _, ...filters }, onFilter }: FiltersProps) {
  const org = useOrg();
  const isFiltered = Object.values(filters).some((it) => it !== undefined);
  return (
    <Group align="end" gap="sm" role="search" aria-label={conversationsTexts.filters}>
      <NativeSelect
        label={conversationsTexts.channel}
        flex="1 1 8rem"
        data={[{ value: '', label: conversationsTexts.allChannels }, ...CHANNEL_OPTIONS]}
        value={filters.channel ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onFilter({ ...filters, channel: value || undefined })
        }
      />
      {org.can('Agent.people') && (
        <PersonFilter
          agent={agent}
          person={filters.person}
          onChoose={(person) => onFilter({ ...filters, person, user: undefined })}
        />
      )}
      <DayFields days={filters} onChange={(changed) => onFilter({ ...filters, ...changed })} />
      <Switch
        label={conversationsTexts.test}
        checked={filters.test ?? false}
        py={8}
        onChange={({ currentTarget: { checked } }) =>
          onFilter({ ...filters, test: checked || undefined })
        }
      />
      <Button variant="default" disabled={!isFiltered} onClick={() => onFilter({})}>
        {conversationsTexts.clear}
      </Button>
    </Group>
  );
}

interface PersonFilterProps {
  readonly agent: string;
  readonly person: string | undefined;
  readonly onChoose: (person: string | undefined) => void;
}

function PersonFilter({ agent, person, onChoose }: PersonFilterProps) {
  const org = useOrg();
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), SEARCH_AFTER_MS);
  const of = { org: org.id, agent };
  const chosen = useRead(
    PERSON_NAME,
    { ...of, person: person ?? '' },
    { enabled: person !== undefined },
  ).data?.data.org?.activity?.person;
  const isChosenName = chosen && q === personNameOf(chosen);
  const found = useRead(
    PEOPLE_BY_NAME,
    { ...of, q: isChosenName ? null : q || null },
    { keepPrevious: true },
  ).data?.data.org?.activity?.people?.nodes;
  const options = new Map((found ?? []).map((it) => [it.id, personNameOf(it)]));
  if (person !== undefined && !options.has(person)) {
    options.set(person, chosen ? personNameOf(chosen) : '…');
  }
  return (
    <Select
      label={conversationsTexts.person}
      placeholder={conversationsTexts.anyPerson}
      flex="1 1 10rem"
      searchable
      clearable
      // The server has searched already, in more fields than the name.
      filter={({ options: all }) => all}
      data={[...options].map(([value, label]) => ({ value, label }))}
      value={person ?? null}
      nothingFoundMessage={conversationsTexts.noPerson}
      onSearchChange={setText}
      onChange={(value) => onChoose(value ?? undefined)}
    />
  );
}

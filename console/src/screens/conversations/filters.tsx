import { Button, Group, NativeSelect, Switch } from '@mantine/core';
import { useOrg } from '../../session/viewer.tsx';
import { conversationsTexts } from '../../texts/conversations.ts';
import { CHANNEL_OPTIONS } from '../../ui/channel-name.ts';
import { DayFields } from '../../ui/day-fields.tsx';
import { PersonSelect } from '../../ui/person-select/person-select.tsx';
import type { ConversationsSearch } from './search.ts';

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
        <PersonSelect
          agent={agent}
          placeholder={conversationsTexts.anyPerson}
          flex="1 1 10rem"
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

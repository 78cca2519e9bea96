import { Select, type SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useRead } from '../../graphql/client.ts';
import { useOrg } from '../../session/viewer.tsx';
import { common } from '../../texts/common.ts';
import { personNameOf } from '../person-name.ts';
import { PEOPLE_BY_NAME, PERSON_NAME } from './queries.ts';

const SEARCH_AFTER_MS = 250;

interface PersonSelectProps
  extends Pick<SelectProps, 'description' | 'flex' | 'inputWrapperOrder' | 'placeholder'> {
  readonly agent: string;
  /** The id of the chosen person. */
  readonly person: string | undefined;
  readonly onChoose: (person: string | undefined) => void;
}

/** Chooses a person of an agent by search. */
export function PersonSelect({ agent, person, onChoose, ...props }: PersonSelectProps) {
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
      {...props}
      label={common.person}
      searchable
      clearable
      // The server has searched already, in more fields than the name.
      filter={({ options: all }) => all}
      data={[...options].map(([value, label]) => ({ value, label }))}
      value={person ?? null}
      nothingFoundMessage={common.nobodyFound}
      onSearchChange={setText}
      onChange={(value) => onChoose(value ?? undefined)}
    />
  );
}

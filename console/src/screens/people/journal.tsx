import { Button, Group, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useWrite } from '../../graphql/client.ts';
import { useOrg } from '../../session/viewer.tsx';
import { common } from '../../texts/common.ts';
import { journalAuthors } from '../../texts/names.ts';
import { personTexts } from '../../texts/people.ts';
import { Panel } from '../../ui/panel.tsx';
import { Time } from '../../ui/time.tsx';
import { WriteError } from '../../ui/write-error.tsx';
import type { Person, PersonRef } from './person-screen.tsx';
import { ADD_JOURNAL_ENTRY } from './queries.ts';

interface JournalProps {
  readonly of: PersonRef;
  readonly journal: Person['journal'];
}

/** What the agent learned, newest first, and a line to add to it. */
export function Journal({ of, journal }: JournalProps) {
  const org = useOrg();
  const [text, setText] = useState('');
  const write = useWrite(ADD_JOURNAL_ENTRY, () => setText(''));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) write.mutate({ ...of, text: text.trim() });
  };
  return (
    <Panel title={personTexts.journal}>
      <Text size="sm" c="dimmed" mb="sm">
        {personTexts.journalHint}
      </Text>
      {org.can('addJournalEntry') && (
        <form onSubmit={submit}>
          <Group gap="xs" mb="sm" wrap="nowrap">
            <TextInput
              flex={1}
              aria-label={personTexts.journalEntry}
              placeholder={personTexts.journalEntry}
              maxLength={2000}
              value={text}
              onChange={({ currentTarget }) => setText(currentTarget.value)}
            />
            <Button type="submit" variant="default" loading={write.isPending}>
              {common.add}
            </Button>
          </Group>
        </form>
      )}
      <WriteError error={write.error} />
      {!journal?.length && <Text c="dimmed">{personTexts.noJournal}</Text>}
      <ul className="rows">
        {journal?.toReversed().map(({ at, author, text: line }) => (
          <li key={`${at} ${line}`}>
            <div>
              <Text size="sm">{line}</Text>
              <Text size="xs" c="dimmed">
                {journalAuthors[author]} · <Time at={at} exact />
              </Text>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

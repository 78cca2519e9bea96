import { Group, NativeSelect, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useRead } from '../../graphql/client.ts';
import { useOrg } from '../../session/viewer.tsx';
import { channelNames } from '../../texts/names.ts';
import { promptTexts } from '../../texts/prompt.ts';
import { personNameOf } from '../../ui/person-name.ts';
import { CONVERSATIONS, RECIPIENTS } from './queries.ts';
import { isChannel, type PromptSearch } from './search.ts';

const SEARCH_AFTER_MS = 250;

interface ConversationProps {
  readonly agent: string;
  readonly conversation: PromptSearch;
  /** Called with the parts to change; undefined removes one. */
  readonly onChange: (parts: Partial<PromptSearch>) => void;
}

/** Chooses the conversation that the prompt is for. */
export function Conversation({ agent, conversation, onChange }: ConversationProps) {
  const org = useOrg();
  const query = useRead(CONVERSATIONS, { org: org.id, agent });
  const { playbooks = [], channels = [] } = query.data?.data.org?.agent ?? {};
  const bound = channels.map(({ channel }) => channel);
  const offered = Object.keys(channelNames)
    .filter(isChannel)
    .filter((it) => it === conversation.channel || bound.includes(it));
  return (
    <Group align="start" className="prompt-conversation">
      {playbooks.length > 0 && (
        <NativeSelect
          label={promptTexts.playbook}
          data={playbooks.map(({ id, name, isDefault }) => ({
            value: isDefault ? '' : id,
            label: isDefault ? promptTexts.defaultPlaybook(name) : name,
          }))}
          value={conversation.playbook ?? ''}
          onChange={({ currentTarget: { value } }) => onChange({ playbook: value || undefined })}
        />
      )}
      <NativeSelect
        label={promptTexts.channel}
        data={[
          { value: '', label: promptTexts.anyChannel },
          ...offered.map((value) => ({ value, label: channelNames[value] })),
        ]}
        value={conversation.channel ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onChange({ channel: isChannel(value) ? value : undefined })
        }
      />
      {org.can('AgentActivity.people') && (
        <Recipient
          agent={agent}
          value={conversation.person}
          onChange={(person) => onChange({ person })}
        />
      )}
    </Group>
  );
}

interface RecipientProps {
  readonly agent: string;
  readonly value: string | undefined;
  readonly onChange: (id: string | undefined) => void;
}

/** Chooses a person of the agent by search. */
function Recipient({ agent, value, onChange }: RecipientProps) {
  const org = useOrg();
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text, SEARCH_AFTER_MS);
  const query = useRead(
    RECIPIENTS,
    {
      org: org.id,
      agent,
      q: q.trim() || null,
      chosen: value ?? '',
      isChosen: value !== undefined,
    },
    { keepPrevious: true },
  );
  const { people, person } = query.data?.data.org?.activity ?? {};
  const chosen = person && person.id === value ? [person] : [];
  const found = (people?.nodes ?? []).filter(({ id }) => id !== value);
  return (
    <Select
      label={promptTexts.person}
      description={promptTexts.personHint}
      inputWrapperOrder={['label', 'input', 'description']}
      placeholder={promptTexts.anyPerson}
      nothingFoundMessage={promptTexts.nobodyFound}
      searchable
      clearable
      data={[...chosen, ...found].map((it) => ({ value: it.id, label: personNameOf(it) }))}
      // The server searches.
      filter={({ options }) => options}
      value={value ?? null}
      searchValue={text}
      onSearchChange={setText}
      onChange={(id) => onChange(id ?? undefined)}
    />
  );
}

import { Group, NativeSelect } from '@mantine/core';
import { useRead } from '../../graphql/client.ts';
import { useOrg } from '../../session/viewer.tsx';
import { channelNames } from '../../texts/names.ts';
import { promptTexts } from '../../texts/prompt.ts';
import { PersonSelect } from '../../ui/person-select/person-select.tsx';
import { CONVERSATIONS } from './queries.ts';
import { isChannel, type PromptSearch } from './search.ts';

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
      {(query.isPending || playbooks.length > 0) && (
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
        <PersonSelect
          agent={agent}
          description={promptTexts.personHint}
          inputWrapperOrder={['label', 'input', 'description']}
          placeholder={promptTexts.anyPerson}
          person={conversation.person}
          onChoose={(person) => onChange({ person })}
        />
      )}
    </Group>
  );
}

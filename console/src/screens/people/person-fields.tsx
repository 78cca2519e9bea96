import { Button, Group, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { personStatuses } from '../../texts/names.ts';
import { personTexts } from '../../texts/people.ts';
import { optionsOf } from '../../ui/options.ts';
import { type PersonDraft, TEXT_FIELDS } from './record.ts';
import { isPersonStatus } from './search.ts';

interface PersonFieldsProps {
  readonly draft: PersonDraft;
  readonly onChange: (draft: PersonDraft) => void;
}

export function PersonFields({ draft, onChange }: PersonFieldsProps) {
  const [name, setName] = useState('');
  const custom = (field: string, value: string) =>
    onChange({ ...draft, customFields: { ...draft.customFields, [field]: value } });
  return (
    <>
      <NativeSelect
        label={personTexts.status}
        data={optionsOf(personStatuses)}
        value={draft.status}
        onChange={({ currentTarget: { value } }) =>
          isPersonStatus(value) && onChange({ ...draft, status: value })
        }
      />
      {TEXT_FIELDS.map((field) => (
        <TextInput
          key={field}
          label={personTexts.fields[field]}
          {...(field === 'phone' && { type: 'tel', description: personTexts.phoneHint })}
          {...(field === 'email' && { type: 'email' })}
          {...(field === 'firstName' && { 'data-autofocus': true })}
          maxLength={200}
          value={draft[field]}
          onChange={({ currentTarget: { value } }) => onChange({ ...draft, [field]: value })}
        />
      ))}
      <Textarea
        label={personTexts.fields.notes}
        autosize
        minRows={2}
        maxRows={10}
        maxLength={10_000}
        value={draft.notes}
        onChange={({ currentTarget: { value } }) => onChange({ ...draft, notes: value })}
      />
      {Object.entries(draft.customFields).map(([field, value]) => (
        <TextInput
          key={field}
          label={field}
          maxLength={2000}
          value={value}
          onChange={({ currentTarget }) => custom(field, currentTarget.value)}
        />
      ))}
      <Group gap="sm" align="end" wrap="nowrap">
        <TextInput
          label={personTexts.customField}
          flex={1}
          maxLength={64}
          pattern="[A-Za-z0-9 _\-]+"
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Button
          variant="default"
          disabled={name.trim() === '' || name.trim() in draft.customFields}
          onClick={() => {
            custom(name.trim(), '');
            setName('');
          }}
        >
          {personTexts.addField}
        </Button>
      </Group>
    </>
  );
}

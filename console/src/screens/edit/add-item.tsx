import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { editTexts } from '../../texts/edit.ts';
import { type Fields, newId, type Section } from './definition.ts';
import type { Choice } from './field.tsx';

interface AddItemProps {
  readonly section: Section;
  /** The ids in use. */
  readonly ids: readonly string[];
  readonly tools: readonly Choice[];
  readonly onAdd: (id: string, item: Fields) => void;
}

/** Adds an item to a list: of tools, one of the catalog. */
export function AddItem({ section, ids, tools, onAdd }: AddItemProps) {
  const [text, setText] = useState('');
  const isTool = section === 'TOOL_BINDINGS';
  function add(event: FormEvent): void {
    event.preventDefault();
    const name = text.trim();
    if (name === '') return;
    const id = isTool ? name : newId(name, ids);
    onAdd(id, newItem(section, id, name, ids.length));
    setText('');
  }
  return (
    <form onSubmit={add}>
      <Group gap="xs" align="end">
        {isTool ? (
          <NativeSelect
            flex="1 1 12rem"
            label={editTexts.newTool}
            data={[
              { value: '', label: editTexts.chooseTool },
              ...tools.filter(({ value }) => !ids.includes(value)),
            ]}
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
          />
        ) : (
          <TextInput
            flex="1 1 12rem"
            label={editTexts.newItem}
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
          />
        )}
        <Button type="submit" variant="default" disabled={text.trim() === ''}>
          {editTexts.add}
        </Button>
      </Group>
    </form>
  );
}

/** @param count items that the list has */
function newItem(section: Section, id: string, name: string, count: number): Fields {
  switch (section) {
    case 'TOOL_BINDINGS':
      return { toolId: id, enabled: true };
    case 'OBJECTIVES':
      return { id, name, priority: count + 1, body: '' };
    case 'PLAYBOOKS':
      return { id, name, body: '', isDefault: count === 0 };
    case 'SKILLS':
      return { id, name, body: '', enabled: true };
    default:
      return { id, name, body: '' };
  }
}

import { Button, Group, Stack, Text } from '@mantine/core';
import { common } from '../../texts/common.ts';
import { editTexts } from '../../texts/edit.ts';
import { sectionNames } from '../../texts/names.ts';
import { Empty } from '../../ui/states.tsx';
import {
  type Definition,
  type Fields,
  fieldsOf,
  idOf,
  isFields,
  itemsOf,
  SECTIONS,
  type Section,
  textsOf,
  withField,
  withItemField,
  withMoved,
  withoutItem,
  withSection,
} from './definition.ts';
import { Field, type References } from './field.tsx';
import { FIELDS } from './fields.ts';
import { TextList } from './text-list.tsx';

interface FormProps {
  readonly definition: Definition;
  readonly section: Section;
  readonly references: References;
  readonly onEdit: (definition: Definition) => void;
}

interface SectionFormProps extends FormProps {
  /** The item that is edited, of a list. */
  readonly item: Fields | undefined;
}

/** The fields of a section, or of one item of it. */
export function SectionForm({ item, ...props }: SectionFormProps) {
  const { definition, section, onEdit } = props;
  if (SECTIONS[section].idField) {
    return item ? <ItemForm {...props} item={item} /> : <Empty {...editTexts.noItems} />;
  }
  if (FIELDS[section].length === 0) {
    return (
      <TextList
        label={sectionNames[section]}
        texts={textsOf(definition, section)}
        onChange={(texts) => onEdit(withSection(definition, section, texts))}
      />
    );
  }
  return <FieldsForm {...props} />;
}

function FieldsForm({ definition, section, references, onEdit }: FormProps) {
  const fields = fieldsOf(definition, section);
  function set(name: string, value: unknown): void {
    const next = withField(fields, name, value);
    const isEmpty = Object.values(next).every((it) => it === '');
    onEdit(withSection(definition, section, isEmpty ? null : next));
  }
  return (
    <Stack gap="md">
      <Source fields={fields} />
      {FIELDS[section].map((spec) => (
        <div key={spec.name} data-field={spec.name}>
          <Field
            spec={spec}
            value={fields[spec.name]}
            references={references}
            onChange={(value) => set(spec.name, value)}
          />
        </div>
      ))}
    </Stack>
  );
}

interface ItemFormProps extends FormProps {
  readonly item: Fields;
}

function ItemForm({ definition, section, item, references, onEdit }: ItemFormProps) {
  const id = idOf(section, item);
  const ids = itemsOf(definition, section).map((it) => idOf(section, it));
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed">
          {editTexts.id(id)}
        </Text>
        <Group gap="xs">
          {([-1, 1] as const).map((by) => (
            <Button
              key={by}
              variant="default"
              size="compact-sm"
              disabled={ids.at(by === -1 ? 0 : -1) === id}
              onClick={() => onEdit(withMoved(definition, section, id, by))}
            >
              {by === -1 ? editTexts.moveUp : editTexts.moveDown}
            </Button>
          ))}
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => onEdit(withoutItem(definition, section, id))}
          >
            {common.remove}
          </Button>
        </Group>
      </Group>
      <Source fields={item} />
      {FIELDS[section].map((spec) => (
        <div key={`${id} ${spec.name}`} data-field={spec.name}>
          <Field
            spec={spec}
            value={item[spec.name]}
            references={references}
            onChange={(value) => onEdit(withItemField(definition, section, id, spec.name, value))}
          />
        </div>
      ))}
    </Stack>
  );
}

/** The template that it was copied from, if any. */
function Source({ fields: { derivedFrom } }: { readonly fields: Fields }) {
  if (!isFields(derivedFrom)) return null;
  return (
    <Text size="sm" c="dimmed">
      {editTexts.copyOf(String(derivedFrom.templateId), String(derivedFrom.version))}
    </Text>
  );
}

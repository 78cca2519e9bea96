import { Alert, Button, Group, Stack, Text } from '@mantine/core';
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
import {
  type FormProblems,
  NO_PROBLEMS,
  type PlacedProblem,
  problemsOfForm,
  problemText,
} from './problems.ts';
import { TextList } from './text-list.tsx';

interface FormProps {
  readonly definition: Definition;
  readonly section: Section;
  readonly references: References;
  readonly problems: readonly PlacedProblem[];
  readonly onEdit: (definition: Definition) => void;
}

interface SectionFormProps extends FormProps {
  /** The item that is edited, of a list. */
  readonly item: Fields | undefined;
}

/** The fields of a section, or of one item of it. */
export function SectionForm({ item, ...props }: SectionFormProps) {
  const { section } = props;
  if (SECTIONS[section].idField) {
    return item ? <ItemForm {...props} item={item} /> : <Empty {...editTexts.noItems} />;
  }
  if (FIELDS[section].length === 0) {
    return <TextsForm {...props} />;
  }
  return <FieldsForm {...props} />;
}

function TextsForm({ definition, section, problems, onEdit }: FormProps) {
  const { key } = SECTIONS[section];
  const found = problemsOfForm(problems, { section }, [key]);
  return (
    <div data-field={key}>
      <TextList
        label={sectionNames[section]}
        texts={textsOf(definition, section)}
        problems={found.get(key) ?? NO_PROBLEMS}
        onChange={(texts) => onEdit(withSection(definition, section, texts))}
      />
    </div>
  );
}

function FieldsForm({ definition, section, onEdit, ...shown }: FormProps) {
  const fields = fieldsOf(definition, section);
  function set(name: string, value: unknown): void {
    const next = withField(fields, name, value);
    const isEmpty = Object.values(next).every((it) => it === '');
    onEdit(withSection(definition, section, isEmpty ? null : next));
  }
  return (
    <Stack gap="md">
      <FieldList {...shown} section={section} values={fields} onChange={set} />
    </Stack>
  );
}

interface ItemFormProps extends FormProps {
  readonly item: Fields;
}

function ItemForm({ definition, section, item, onEdit, ...shown }: ItemFormProps) {
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
      <FieldList
        key={id}
        {...shown}
        section={section}
        item={id}
        values={item}
        onChange={(name, value) => onEdit(withItemField(definition, section, id, name, value))}
      />
    </Stack>
  );
}

interface FieldListProps extends Pick<FormProps, 'section' | 'references' | 'problems'> {
  /** The id of the item that has the fields; left out for a section without items. */
  readonly item?: string;
  readonly values: Fields;
  readonly onChange: (name: string, value: unknown) => void;
}

function FieldList(props: FieldListProps) {
  const { section, item, values, references, problems, onChange } = props;
  const specs = FIELDS[section];
  const place = { section, ...(item !== undefined && { item }) };
  const names = specs.map(({ name }) => name);
  const found = problemsOfForm(problems, place, names);
  return (
    <>
      <Source fields={values} />
      <OtherProblems problems={found} />
      {specs.map((spec) => (
        <div key={spec.name} data-field={spec.name}>
          <Field
            spec={spec}
            value={values[spec.name]}
            references={references}
            problems={found.get(spec.name) ?? NO_PROBLEMS}
            onChange={(value) => onChange(spec.name, value)}
          />
        </div>
      ))}
    </>
  );
}

/** Problems of no field of the form. */
function OtherProblems({ problems }: { readonly problems: FormProblems }) {
  const text = problemText(problems.get('') ?? NO_PROBLEMS);
  return text === undefined ? null : <Alert color="red">{text}</Alert>;
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

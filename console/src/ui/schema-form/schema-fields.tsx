import {
  Button,
  MultiSelect,
  NativeSelect,
  PasswordInput,
  Switch,
  Textarea,
  TextInput,
} from '@mantine/core';
import { schemaFormTexts } from '../../texts/schema-form.ts';
import { type Draft, type Entry, type Field, hintOf, isConfigured, type Values } from './fields.ts';

interface SchemaFieldsProps {
  readonly fields: readonly Field[];
  /** The stored values: of a secret, whether there is one. */
  readonly values: Values;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

/** The fields of a form over a JSON schema. The server decides whether the values are valid. */
export function SchemaFields({ fields, values, draft, onChange }: SchemaFieldsProps) {
  return fields.map((field) => (
    <SchemaField
      key={field.name}
      field={field}
      stored={values[field.name]}
      entry={draft[field.name] ?? ''}
      onChange={(entry) => onChange({ ...draft, [field.name]: entry })}
    />
  ));
}

interface SchemaFieldProps {
  readonly field: Field;
  readonly stored: unknown;
  readonly entry: Entry;
  readonly onChange: (entry: Entry) => void;
}

function SchemaField(props: SchemaFieldProps) {
  const { field, entry, onChange } = props;
  const { label, kind, choices, isRequired } = field;
  const description = descriptionOf(field);
  if (field.isSecret) return <SecretField {...props} />;
  if (kind === 'flag') {
    return (
      <Switch
        label={label}
        description={description}
        checked={entry === true}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
    );
  }
  if (kind === 'choices') {
    return (
      <MultiSelect
        label={label}
        description={description}
        data={[...choices]}
        value={Array.isArray(entry) ? [...entry] : []}
        onChange={onChange}
      />
    );
  }
  const text = typeof entry === 'string' ? entry : '';
  if (kind === 'choice') {
    return (
      <NativeSelect
        label={label}
        description={description}
        required={isRequired}
        data={[
          { value: '', label: field.placeholder ?? schemaFormTexts.none },
          ...choices.map((it) => ({ value: it, label: it })),
        ]}
        value={text}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    );
  }
  const common = {
    label,
    description,
    required: isRequired,
    value: text,
    ...(field.placeholder !== undefined && { placeholder: field.placeholder }),
    onChange: ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) =>
      onChange(currentTarget.value),
  };
  if (kind === 'lines' || (field.maxLength ?? 0) > 500) {
    return (
      <Textarea
        {...common}
        autosize
        minRows={2}
        maxRows={8}
        {...(kind !== 'lines' && { maxLength: field.maxLength })}
      />
    );
  }
  if (kind === 'number') {
    return (
      <TextInput
        {...common}
        type="number"
        {...(field.min !== undefined && { min: field.min })}
        {...(field.max !== undefined && { max: field.max })}
        step={field.isWhole ? 1 : 'any'}
      />
    );
  }
  return (
    <TextInput
      {...common}
      type={kind}
      {...(field.maxLength !== undefined && { maxLength: field.maxLength })}
    />
  );
}

function descriptionOf({ kind, hint, isSeeded }: Field): string {
  return [hint, kind === 'lines' && schemaFormTexts.onePerLine, isSeeded && schemaFormTexts.seeded]
    .filter((it) => typeof it === 'string' && it !== '')
    .join(' ');
}

function SecretField({ field, stored, entry, onChange }: SchemaFieldProps) {
  const isStored = isConfigured(stored);
  const state =
    entry === null
      ? schemaFormTexts.clearing
      : isStored
        ? schemaFormTexts.stored(hintOf(stored))
        : '';
  return (
    <div>
      <PasswordInput
        label={field.label}
        description={[descriptionOf(field), state].filter((it) => it !== '').join(' ')}
        required={field.isRequired && !isStored}
        disabled={entry === null}
        autoComplete="new-password"
        spellCheck={false}
        {...(field.maxLength !== undefined && { maxLength: field.maxLength })}
        value={typeof entry === 'string' ? entry : ''}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
      {isStored && !field.isRequired && (
        <Button
          variant="subtle"
          size="compact-xs"
          mt={4}
          onClick={() => onChange(entry === null ? '' : null)}
        >
          {entry === null ? schemaFormTexts.keep : schemaFormTexts.clear}
        </Button>
      )}
    </div>
  );
}

import {
  Checkbox,
  MultiSelect,
  NativeSelect,
  NumberInput,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useState } from 'react';
import { editTexts } from '../../texts/edit.ts';
import { fieldNames } from '../../texts/fields.ts';
import { optionsOf } from '../../ui/options.ts';
import { TextEditor } from '../../ui/text-editor/text-editor.tsx';
import { textsIn } from './definition.ts';
import type { FieldSpec } from './fields.ts';
import { type FieldProblem, problemText } from './problems.ts';
import { TextList } from './text-list.tsx';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** What references can be chosen from. */
export interface References {
  readonly skills: readonly Choice[];
  readonly tools: readonly Choice[];
  readonly templates: readonly Choice[];
}

interface FieldProps {
  readonly spec: FieldSpec;
  readonly value: unknown;
  readonly references: References;
  readonly problems: readonly FieldProblem[];
  /** Called with the new value; undefined removes the field. */
  readonly onChange: (value: unknown) => void;
}

/** One field of a section or an item. */
export function Field({ spec, value, references, problems, onChange }: FieldProps) {
  const { name, kind, isRequired = false } = spec;
  const label = fieldNames[name] ?? name;
  const error = problemText(problems);
  const text = typeof value === 'string' ? value : '';
  const setText = (it: string) => onChange(it === '' && !isRequired ? undefined : it);
  switch (kind) {
    case 'line':
      return (
        <TextInput
          label={label}
          required={isRequired}
          error={error}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
      );
    case 'text':
      return (
        <Textarea
          label={label}
          rows={3}
          classNames={{ input: 'edit-grow' }}
          error={error}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
      );
    case 'editor':
      return (
        <TextEditor
          label={label}
          isRequired={isRequired}
          error={error}
          value={text}
          onChange={setText}
        />
      );
    case 'texts':
      return (
        <TextList
          label={label}
          texts={textsIn(value)}
          problems={problems}
          onChange={(texts) => onChange(texts.length === 0 ? undefined : texts)}
        />
      );
    case 'flag':
      return (
        <Flag name={name} label={label} error={error} value={value === true} onChange={onChange} />
      );
    case 'number':
      return (
        <NumberInput
          label={label}
          maw="10rem"
          error={error}
          value={typeof value === 'number' ? value : ''}
          onChange={(it) => typeof it === 'number' && onChange(it)}
        />
      );
    case 'json':
      return <JsonField label={label} error={error} value={value} onChange={onChange} />;
    case 'policy':
      return (
        <Select
          label={label}
          error={error}
          value={text}
          choices={optionsOf(editTexts.policies)}
          onChange={setText}
        />
      );
    case 'greeting':
      return (
        <Select
          label={label}
          error={error}
          value={text}
          choices={references.templates}
          onChange={setText}
        />
      );
    default:
      return (
        <Chips
          label={label}
          error={error}
          ids={textsIn(value)}
          choices={references[kind]}
          onChange={(ids) => onChange(ids.length === 0 ? undefined : ids)}
        />
      );
  }
}

interface InputProps {
  readonly label: string;
  readonly error: string | undefined;
}

interface FlagProps extends InputProps {
  readonly name: string;
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
}

function Flag({ name, label, error, value, onChange }: FlagProps) {
  // An agent with playbooks has exactly one default.
  const isFixed = name === 'isDefault' && value;
  return (
    <Checkbox
      label={label}
      error={error}
      checked={value}
      disabled={isFixed}
      {...(isFixed && { description: editTexts.isDefaultHint })}
      onChange={({ currentTarget }) => onChange(currentTarget.checked)}
    />
  );
}

interface SelectProps extends InputProps {
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
}

function Select({ label, error, value, choices, onChange }: SelectProps) {
  return (
    <NativeSelect
      label={label}
      error={error}
      data={[{ value: '', label: editTexts.none }, ...known(choices, value ? [value] : [])]}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

interface ChipsProps extends InputProps {
  readonly ids: readonly string[];
  readonly choices: readonly Choice[];
  readonly onChange: (ids: readonly string[]) => void;
}

function Chips({ label, error, ids, choices, onChange }: ChipsProps) {
  return (
    <MultiSelect
      label={label}
      error={error}
      searchable
      data={known(choices, ids)}
      value={[...ids]}
      onChange={onChange}
    />
  );
}

/** The choices, and those in use that exist no longer, by their ids. */
function known(choices: readonly Choice[], ids: readonly string[]): Choice[] {
  const missing = ids.filter((id) => !choices.some(({ value }) => value === id));
  return [...choices, ...missing.map((id) => ({ value: id, label: id }))];
}

interface JsonFieldProps extends InputProps {
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

function JsonField({ label, error, value, onChange }: JsonFieldProps) {
  const [text, setText] = useState(() => jsonOf(value));
  const parsed = parsedJson(text);
  return (
    <Textarea
      label={label}
      rows={Math.min(12, text.split('\n').length + 1)}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      spellCheck={false}
      value={text}
      error={parsed.isValid ? error : editTexts.notJson}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        const next = parsedJson(currentTarget.value);
        if (next.isValid) onChange(next.value);
      }}
    />
  );
}

function jsonOf(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value, null, 2);
}

/** The value of a JSON text; of an empty text, undefined. */
function parsedJson(text: string): { readonly isValid: boolean; readonly value?: unknown } {
  if (text.trim() === '') return { isValid: true };
  try {
    return { isValid: true, value: JSON.parse(text) };
  } catch {
    return { isValid: false };
  }
}

/** A JSON schema, as the catalog has it: an object whose fields are flat. */
export type Schema = Readonly<Record<string, unknown>>;

/** A field of a form, from a property of a schema. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly kind: 'choice' | 'choices' | 'email' | 'flag' | 'lines' | 'number' | 'text' | 'url';
  readonly isRequired: boolean;
  /** It is stored as a secret, and never shown. */
  readonly isSecret: boolean;
  /** The server fills it from the agent if it is empty. */
  readonly isSeeded: boolean;
  readonly isWhole: boolean;
  readonly choices: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly maxLength?: number;
  readonly placeholder?: string;
}

/** A text, also of a number and of lines; a flag; the chosen ones; null: to be cleared. */
export type Entry = string | boolean | readonly string[] | null;
export type Draft = Readonly<Record<string, Entry>>;
export type Values = Readonly<Record<string, unknown>>;

/** The fields of a form, the required ones first. */
export function fieldsOf(schema: Schema): readonly Field[] {
  const required = textsOf(schema.required);
  const fields = Object.entries(objectOf(schema.properties)).map(([name, property]) =>
    fieldOf(name, objectOf(property), required.includes(name)),
  );
  return [...fields.filter((it) => it.isRequired), ...fields.filter((it) => !it.isRequired)];
}

function fieldOf(name: string, property: Schema, isRequired: boolean): Field {
  const isSeeded = 'x-seededFrom' in property;
  const items = objectOf(property.items);
  const { minimum, maximum, maxLength, default: preset } = property;
  return {
    name,
    label: textOf(property.title) ?? name,
    hint: textOf(property.description) ?? '',
    kind: kindOf(property, items),
    isRequired: isRequired && !isSeeded,
    isSecret: property.writeOnly === true,
    isSeeded,
    isWhole: property.type === 'integer',
    choices: textsOf(property.enum ?? items.enum),
    ...(typeof minimum === 'number' && { min: minimum }),
    ...(typeof maximum === 'number' && { max: maximum }),
    ...(typeof maxLength === 'number' && { maxLength }),
    ...(preset !== undefined && { placeholder: String(preset) }),
  };
}

function kindOf({ type, format, enum: choices }: Schema, items: Schema): Field['kind'] {
  if (type === 'boolean') return 'flag';
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'array') return items.enum ? 'choices' : 'lines';
  if (choices) return 'choice';
  if (format === 'email') return 'email';
  return format === 'uri' ? 'url' : 'text';
}

/** A form that shows these values. A secret is empty: the server does not show it. */
export function draftOf(fields: readonly Field[], values: Values): Draft {
  return Object.fromEntries(fields.map((it) => [it.name, entryOf(it, values[it.name])]));
}

function entryOf({ kind, isSecret }: Field, value: unknown): Entry {
  if (kind === 'flag') return value === true;
  if (kind === 'choices') return textsOf(value);
  if (isSecret || value === undefined || value === null) return '';
  return kind === 'lines' ? textsOf(value).join('\n') : String(value);
}

/** The values that a form changes; null clears a field. */
export function changesOf(fields: readonly Field[], before: Draft, after: Draft): Values {
  const changed = fields.filter(({ name }) => !isSame(before[name], after[name]));
  return Object.fromEntries(changed.map((it) => [it.name, sentOf(it, after[it.name] ?? null)]));
}

/** The values that were entered in a form for something new. */
export function enteredValues(fields: readonly Field[], draft: Draft): Values {
  const nothing = draftOf(fields, {});
  return changesOf(fields, nothing, { ...nothing, ...draft });
}

/** Whether a secret is stored, as the server describes it. */
export function isConfigured(value: unknown): boolean {
  return objectOf(value).configured === true;
}

export function hintOf(value: unknown): string | undefined {
  return textOf(objectOf(value).hint);
}

function sentOf({ kind }: Field, entry: Entry): unknown {
  if (entry === null || typeof entry === 'boolean') return entry;
  if (typeof entry !== 'string') return entry.length > 0 ? entry : null;
  const text = entry.trim();
  if (text === '') return null;
  if (kind === 'number') return Number(text);
  if (kind !== 'lines') return text;
  return text.split('\n').flatMap((line) => line.trim() || []);
}

function isSame(a: Entry | undefined, b: Entry | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function objectOf(value: unknown): Schema {
  return typeof value === 'object' && value !== null ? (value as Schema) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((it) => typeof it === 'string') : [];
}

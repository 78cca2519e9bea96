import type { VariablesOf } from '../../graphql/graphql.ts';
import type { UPDATE_PERSON } from './queries.ts';
import type { Status } from './search.ts';

export type PersonInput = VariablesOf<typeof UPDATE_PERSON>['input'];

/** The fields of a record that are a line of text, in the order of the form. */
export const TEXT_FIELDS = [
  'firstName',
  'lastName',
  'email',
  'phone',
  'company',
  'title',
  'source',
] as const;
type Text = (typeof TEXT_FIELDS)[number] | 'notes';

/** A record as the form has it: a field that is empty has no value. */
export interface PersonDraft extends Readonly<Record<Text, string>> {
  readonly status: Status;
  readonly customFields: Readonly<Record<string, string>>;
}

interface PersonRecord extends Readonly<Record<Text, string | null>> {
  readonly status: Status;
  readonly customFields: Readonly<Record<string, unknown>> | null;
}

export const NEW_PERSON: PersonRecord = {
  firstName: null,
  lastName: null,
  email: null,
  phone: null,
  company: null,
  title: null,
  source: null,
  notes: null,
  status: 'NEW',
  customFields: null,
};

export function draftOf(person: PersonRecord): PersonDraft {
  const texts = [...TEXT_FIELDS, 'notes' as const].map((it) => [it, person[it] ?? '']);
  const customFields = Object.entries(person.customFields ?? {}).map(([name, value]) => [
    name,
    String(value),
  ]);
  return {
    ...(Object.fromEntries(texts) as Record<Text, string>),
    status: person.status,
    customFields: Object.fromEntries(customFields),
  };
}

/** The fields that a draft changes; null clears a field. */
export function changesOf(before: PersonDraft, after: PersonDraft): PersonInput {
  const texts = [...TEXT_FIELDS, 'notes' as const]
    .filter((it) => before[it] !== after[it].trim())
    .map((it) => [it, after[it].trim() || null]);
  const custom = Object.entries(after.customFields)
    .filter(([name, value]) => (before.customFields[name] ?? '') !== value)
    .map(([name, value]) => [name, value || null]);
  return {
    ...Object.fromEntries(texts),
    ...(before.status !== after.status && { status: after.status }),
    ...(custom.length > 0 && { customFields: Object.fromEntries(custom) }),
  };
}

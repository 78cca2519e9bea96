import type { ChannelUser } from './channel-users.ts';
import { invalid, type Problem } from './errors.ts';
import { isLonger, LENGTHS } from './lengths.ts';
import { assertNotCleared, mergePatch, type Patch, setFields } from './patch.ts';

export const PERSON_STATUSES = ['new', 'contacted', 'qualified', 'converted', 'lost'] as const;
export type PersonStatus = (typeof PERSON_STATUSES)[number];

export const JOURNAL_AUTHORS = ['agent', 'operator'] as const;

/** An entry of a person's journal. */
export interface PersonJournalEntry {
  /** ISO-8601. */
  readonly at: string;
  readonly author: (typeof JOURNAL_AUTHORS)[number];
  readonly text: string;
}

/** The fields of a person that operators write (reference, "People"). */
export interface PersonContent {
  readonly fullName?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly email?: string;
  /** E.164. */
  readonly phone?: string;
  readonly company?: string;
  readonly title?: string;
  readonly status: PersonStatus;
  /** The origin of the person, e.g. a campaign. */
  readonly source?: string;
  readonly notes?: string;
  readonly customFields?: Readonly<Record<string, string>>;
  /** ISO-8601. */
  readonly scheduledCallAt?: string;
  /** IANA. */
  readonly scheduledCallTimezone?: string;
}

/** An end user of one agent. */
export interface Person extends PersonContent {
  readonly org: string;
  readonly id: string;
  /** Counts the writes of this person, from 1. */
  readonly version: number;
  /** Written by the runtime. */
  readonly assignedRepresentativeId?: string;
  /** The newest entries, oldest first; written by the runtime. */
  readonly journal?: readonly PersonJournalEntry[];
  /** The users of channels that the runtime knows to be this person, beside those of the phone. */
  readonly linkedUsers?: readonly ChannelUser[];
  /** ISO-8601. */
  readonly createdAt: string;
  /** ISO-8601. */
  readonly updatedAt: string;
}

/** Fields to write; `customFields` are merged key by key. */
export type PersonInput = Omit<Patch<PersonContent>, 'customFields'> & {
  readonly customFields?: Readonly<Record<string, unknown>> | null | undefined;
};

export const MAX_CUSTOM_FIELDS = 100;
/**
 * The name of a custom field: 1 to 64 letters, digits and other characters beyond ASCII, "_", "-",
 * and spaces within. It has the same meaning in every dialect of regular expressions, because the
 * OpenAPI document has it too.
 */
export const CUSTOM_KEY =
  /^(?!__proto__$)[A-Za-z0-9_\u00A1-\uFFFF](?:[A-Za-z0-9_ \u00A1-\uFFFF-]{0,62}[A-Za-z0-9_\u00A1-\uFFFF-])?$/u;
const MAX_JOURNAL = 200;

/** @throws DomainError `request.invalid` */
export function newPerson(input: PersonInput): PersonContent {
  assertNotCleared(input, ['status']);
  const { customFields, ...fields } = input;
  assertCustomFields(customFields);
  const content = setFields<PersonContent>({ ...fields, status: fields.status ?? 'new' });
  return named(withCustomFields(content, customFields ?? undefined));
}

/**
 * A merge patch, also of `customFields`; `null` for `customFields` removes all of them.
 *
 * @throws DomainError `request.invalid`
 */
export function updatePerson<P extends PersonContent>(person: P, input: PersonInput): P {
  assertCustomFields(input.customFields);
  assertNotCleared(input, ['status']);
  const { customFields, ...fields } = input;
  const derived = person.fullName === nameOf(person);
  const patched = mergePatch<PersonContent>(
    derived && fields.fullName === undefined ? without(person, 'fullName') : person,
    fields,
  );
  return named(withCustomFields(patched, customFields)) as P;
}

/** Adds an entry to the journal, of which the oldest entries are dropped when it is full. */
export function withJournalEntry<P extends Pick<Person, 'journal'>>(
  person: P,
  entry: PersonJournalEntry,
): P {
  const text = entry.text.slice(0, LENGTHS.journal);
  const journal = [...(person.journal ?? []), { ...entry, text }];
  return { ...person, journal: journal.slice(-MAX_JOURNAL) };
}

/** Fills in a missing full name. */
function named<P extends PersonContent>(person: P): P {
  const fullName = person.fullName ?? nameOf(person);
  return fullName === undefined ? person : { ...person, fullName };
}

function nameOf({ firstName, lastName }: PersonContent): string | undefined {
  return [firstName, lastName].filter(Boolean).join(' ') || undefined;
}

function without<P extends object>(record: P, field: keyof P): P {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== field)) as P;
}

/** @throws DomainError `request.invalid` if there would be too many */
function withCustomFields<P extends PersonContent>(
  person: P,
  patch: Readonly<Record<string, unknown>> | null | undefined,
): P {
  if (patch === undefined) return person;
  // A map stores any key, `__proto__` too.
  const merged = new Map(patch === null ? [] : Object.entries(person.customFields ?? {}));
  for (const [key, value] of Object.entries(patch ?? {})) {
    if (value === null) merged.delete(key);
    else merged.set(key, String(value));
  }
  if (merged.size > MAX_CUSTOM_FIELDS) {
    const message = `must have at most ${MAX_CUSTOM_FIELDS} fields, not ${merged.size}`;
    throw invalid([{ path: 'customFields', message }]);
  }
  const rest = without(person, 'customFields');
  return merged.size === 0 ? rest : { ...rest, customFields: Object.fromEntries(merged) };
}

/** The schema bounds the other texts. */
function assertCustomFields(fields: PersonInput['customFields']): void {
  const given = Object.entries(fields ?? {});
  const problems = given.flatMap(([key, value]) => customProblems(key, value));
  if (problems.length > 0) throw invalid(problems);
}

function customProblems(key: string, value: unknown): Problem[] {
  const path = `customFields.${key}`;
  if (!CUSTOM_KEY.test(key)) {
    const message = 'must have a name of 1 to 64 letters, digits, spaces, "_" and "-"';
    return [{ path, message }];
  }
  if (value === null) return [];
  if (typeof value !== 'string') return [{ path, message: 'must be text' }];
  if (!isLonger(value, LENGTHS.customValue)) return [];
  return [{ path, message: `must have at most ${LENGTHS.customValue} characters` }];
}

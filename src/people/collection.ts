import { type AgentOwner, ownerKey } from '../agents/collection.ts';
import type { Appointment } from '../domain/appointments.ts';
import type { ChannelUser } from '../domain/channel-users.ts';
import type { Person, PersonContent } from '../domain/people.ts';
import { EXAMINED_LENGTH, SEARCHED_LENGTH, searchText } from '../domain/search-text.ts';
import { collectionSpec, type Doc } from '../store/port.ts';
import { userKey } from '../traffic/collections.ts';

/** As stored. The key is the owner and the person's id; the `q…` fields are what is searched. */
export interface PersonDoc extends Person, SearchFields, Doc {
  readonly owner: string;
  readonly agentId: string;
  /** Orders people by creation. */
  readonly uid: string;
}

/** The searched fields, in the order in which a search shows its hits. */
export const SEARCHED = ['qName', 'qLastName', 'qEmail', 'qPhone', 'qCompany'] as const;
type Searched = (typeof SEARCHED)[number];

/**
 * Beside a searched text, how many of its leading characters an earlier one has too (`…Shared`, a
 * value of `SHARED`): a search for no more than these finds the person by the earlier one. A text
 * that an earlier one begins with is left out.
 */
export type SearchFields = {
  readonly [Field in Searched | `${Searched}Shared`]?: string;
};

export const PEOPLE = collectionSpec<PersonDoc>(
  'people',
  {
    /** Newest first, read in reverse. */
    byOwner: { eq: ['owner'], order: 'uid' },
    byStatus: { eq: ['owner', 'status'], order: 'uid' },
    /** The person who was created first comes first. */
    byPhone: { eq: ['owner', 'phone'], order: 'uid' },
    ...Object.fromEntries(
      SEARCHED.map((field) => [field, { eq: ['owner', 'status', `${field}Shared`], order: field }]),
    ),
  },
  'owner',
);

/** As stored. The key is the person's and the appointment's id; it begins with the owner. */
export interface AppointmentDoc extends Appointment, Doc {
  readonly owner: string;
  /** The key of the person. */
  readonly person: string;
}

export const APPOINTMENTS = collectionSpec<AppointmentDoc>(
  'appointments',
  {
    byOwner: { eq: ['owner'], order: 'startUtc' },
    /** Newest first, read in reverse. */
    byPerson: { eq: ['person'], order: 'startUtc' },
  },
  'owner',
);

/** A user of a channel whom the runtime linked to a person, as stored. The key is the user's (`userKey`). */
export interface PersonLinkDoc extends ChannelUser, Doc {
  readonly owner: string;
  readonly personId: string;
  readonly personUid: string;
}

export const PERSON_LINKS = collectionSpec<PersonLinkDoc>(
  'personLinks',
  { byOwner: { eq: ['owner'], order: 'personUid' } },
  'owner',
);

export function linkOf(
  { owner, id, uid }: Pick<PersonDoc, 'owner' | 'id' | 'uid'>,
  { channel, userId }: ChannelUser,
): PersonLinkDoc {
  const key = userKey(owner, { channel, userId });
  return { key, version: 1, owner, channel, userId, personId: id, personUid: uid };
}

export function personKey(owner: Pick<AgentOwner, 'org' | 'uid'>, id: string): string {
  return `${ownerKey(owner)}/${id}`;
}

/** A phone number as it is searched: its digits. */
export function phoneDigits(text: string): string {
  return text.slice(0, EXAMINED_LENGTH).replace(/\D/g, '').slice(0, SEARCHED_LENGTH);
}

export function searchFields(person: PersonContent): SearchFields {
  const { fullName, lastName, email, phone, company } = person;
  const texts: Readonly<Record<Searched, string>> = {
    qName: searchText(fullName ?? ''),
    qLastName: searchText(lastName ?? ''),
    qEmail: searchText(email ?? ''),
    qPhone: phoneDigits(phone ?? ''),
    qCompany: searchText(company ?? ''),
  };
  const earlier: string[] = [];
  const fields: { -readonly [Field in keyof SearchFields]: SearchFields[Field] } = {};
  for (const field of SEARCHED) {
    const text = texts[field];
    const shared = Math.max(0, ...earlier.map((it) => sharedLength(it, text)));
    if (shared === text.length) continue;
    fields[field] = text;
    fields[`${field}Shared`] = String(SHARED.findLast((it) => it <= shared));
    earlier.push(text);
  }
  return fields;
}

/** Lengths are rounded down to one of these, so that a search reads few ranges of an index. */
const SHARED = [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 24, 32, 48, 64];

/**
 * The values of `…Shared` of people whom no earlier text shows to a search for so many characters.
 *
 * @property exact whether that holds for all of them; otherwise, lengths were rounded
 */
export function sharedWithin(length: number): {
  readonly values: string[];
  readonly exact: boolean;
} {
  const within = SHARED.filter((it) => it < length);
  return { values: within.map(String), exact: SHARED[within.length] === length };
}

function sharedLength(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  let length = 0;
  while (length < end && a[length] === b[length]) length += 1;
  return length;
}

/** The document without its `q…` fields: every write derives them again. */
export function withoutSearchFields(doc: PersonDoc): PersonDoc {
  const derived = new Set<string>(SEARCHED.flatMap((field) => [field, `${field}Shared`]));
  const rest = Object.entries(doc).filter(([name]) => !derived.has(name));
  return Object.fromEntries(rest) as unknown as PersonDoc;
}

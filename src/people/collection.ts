import { ownerKey } from '../agents/collection.ts';
import type { Agent } from '../domain/agents.ts';
import type { Appointment } from '../domain/appointments.ts';
import type { ChannelUser } from '../domain/channel-users.ts';
import type { Person, PersonContent } from '../domain/people.ts';
import { collectionSpec, type Doc } from '../store/port.ts';
import { userKey } from '../traffic/collections.ts';

/** The agent that people belong to. */
export type PeopleOwner = Pick<Agent, 'org' | 'id' | 'uid'>;

/** As stored. The key is the owner and the person's id; the `q…` fields are what is searched. */
export interface PersonDoc extends Person, SearchFields, Doc {
  readonly owner: string;
  readonly agentId: string;
  /** Orders people by creation. */
  readonly uid: string;
}

export interface SearchFields {
  readonly qName?: string;
  readonly qLastName?: string;
  readonly qEmail?: string;
  readonly qPhone?: string;
  readonly qCompany?: string;
}

/** The searched fields, in the order in which a search shows its hits. */
export const SEARCHED = ['qName', 'qLastName', 'qEmail', 'qPhone', 'qCompany'] as const;

export const PEOPLE = collectionSpec<PersonDoc>(
  'people',
  {
    /** Newest first, read in reverse. */
    byOwner: { eq: ['owner'], order: 'uid' },
    byStatus: { eq: ['owner', 'status'], order: 'uid' },
    /** The person who was created first comes first. */
    byPhone: { eq: ['owner', 'phone'], order: 'uid' },
    ...Object.fromEntries(
      SEARCHED.map((field) => [field, { eq: ['owner', 'status'], order: field }]),
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

export function personKey(owner: Pick<PeopleOwner, 'org' | 'uid'>, id: string): string {
  return `${ownerKey(owner)}/${id}`;
}

/** Index entries are bounded; a longer text is found by its head. */
const SEARCHED_LENGTH = 80;

/**
 * UTF-16 units of a text that are looked at: normalizing takes time in the square of the combining
 * marks, and one character can become 18.
 */
const EXAMINED_LENGTH = 8 * SEARCHED_LENGTH;

/** Texts are searched without regard to case and to how accents are composed. */
export function searchText(text: string): string {
  const head = text.trimStart().slice(0, EXAMINED_LENGTH);
  return [...head.normalize('NFKC').toLowerCase().trim()].slice(0, SEARCHED_LENGTH).join('');
}

/** A phone number as it is searched: its digits. */
export function phoneDigits(text: string): string {
  return text.slice(0, EXAMINED_LENGTH).replace(/\D/g, '').slice(0, SEARCHED_LENGTH);
}

export function searchFields(person: PersonContent): SearchFields {
  const { fullName, lastName, email, phone, company } = person;
  return {
    ...(fullName && { qName: searchText(fullName) }),
    ...(lastName && { qLastName: searchText(lastName) }),
    ...(email && { qEmail: searchText(email) }),
    ...(phone && { qPhone: phoneDigits(phone) }),
    ...(company && { qCompany: searchText(company) }),
  };
}

/** The document without its `q…` fields: every write derives them again. */
export function withoutSearchFields(doc: PersonDoc): PersonDoc {
  const { qName, qLastName, qEmail, qPhone, qCompany, ...rest } = doc;
  return rest;
}

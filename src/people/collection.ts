import { ownerKey } from '../agents/collection.ts';
import type { Agent } from '../domain/agents.ts';
import type { Appointment } from '../domain/appointments.ts';
import type { Person, PersonContent } from '../domain/people.ts';
import { EXAMINED_LENGTH, SEARCHED_LENGTH, searchText } from '../domain/search-text.ts';
import { collectionSpec, type Doc } from '../store/port.ts';

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

export function personKey(owner: Pick<PeopleOwner, 'org' | 'uid'>, id: string): string {
  return `${ownerKey(owner)}/${id}`;
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

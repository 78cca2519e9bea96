import { personStatuses } from '../../texts/names.ts';
import { type PageSearch, pageSearch } from '../../ui/page-search.ts';

export type Status = keyof typeof personStatuses;

export interface PeopleSearch extends PageSearch {
  readonly q?: string;
  readonly status?: Status;
}

export function peopleSearch(search: Readonly<Record<string, unknown>>): PeopleSearch {
  const { q, status } = search;
  return {
    ...pageSearch(search),
    // The router reads a phone number without its plus as a number.
    ...((typeof q === 'string' || typeof q === 'number') && q !== '' && { q: String(q) }),
    ...(isPersonStatus(status) && { status }),
  };
}

export function isPersonStatus(value: unknown): value is Status {
  return typeof value === 'string' && Object.hasOwn(personStatuses, value);
}

import { agentsTexts } from '../../texts/agents.ts';
import { type PageSearch, pageSearch } from '../../ui/page-search.ts';

type Sort = keyof typeof agentsTexts.sorts;

/** What the address of the screen says: the search, the order and the page. */
export interface AgentsSearch extends PageSearch {
  readonly q?: string;
  readonly sort?: Sort;
}

export const DEFAULT_SORT: Sort = 'UPDATED_AT_DESC';

export function agentsSearch(search: Readonly<Record<string, unknown>>): AgentsSearch {
  const { q, sort } = search;
  return {
    ...pageSearch(search),
    ...(typeof q === 'string' && q !== '' && { q }),
    ...(isSort(sort) && { sort }),
  };
}

export function isSort(value: unknown): value is Sort {
  return typeof value === 'string' && Object.hasOwn(agentsTexts.sorts, value);
}

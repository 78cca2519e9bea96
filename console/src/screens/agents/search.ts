import { agentsTexts } from '../../texts/agents.ts';

type Sort = keyof typeof agentsTexts.sorts;

/** What the address of the screen says: the search, the order and the page. */
export interface AgentsSearch {
  readonly q?: string;
  readonly sort?: Sort;
  readonly after?: string;
}

export const DEFAULT_SORT: Sort = 'UPDATED_AT_DESC';

export function agentsSearch({ q, sort, after }: Readonly<Record<string, unknown>>): AgentsSearch {
  return {
    ...(typeof q === 'string' && q !== '' && { q }),
    ...(isSort(sort) && { sort }),
    ...(typeof after === 'string' && { after }),
  };
}

export function isSort(value: unknown): value is Sort {
  return typeof value === 'string' && Object.hasOwn(agentsTexts.sorts, value);
}

import { sectionNames } from '../../texts/names.ts';
import { type DaySearch, daySearch } from '../../ui/days.ts';
import { type PageSearch, pageSearch } from '../../ui/page-search.ts';

export type HistorySection = keyof typeof sectionNames;

/** What the address of the history says: the filters and the page. */
export interface HistorySearch extends DaySearch, PageSearch {
  readonly section?: HistorySection;
  /** The id of the author. */
  readonly actor?: string;
}

type Given = Readonly<Record<string, unknown>>;

export function historySearch(given: Given): HistorySearch {
  const { section, actor } = given;
  return {
    ...pageSearch(given),
    ...(isSection(section) && { section }),
    ...(typeof actor === 'string' && actor !== '' && { actor }),
    ...daySearch(given),
  };
}

export function isSection(value: unknown): value is HistorySection {
  return typeof value === 'string' && Object.hasOwn(sectionNames, value);
}

export const VIEWS = ['fields', 'prompt'] as const;

/** What the address of one version says. */
export interface VersionSearch {
  /** The version to compare with; the one before if it is not given. */
  readonly against?: number;
  readonly view?: (typeof VIEWS)[number];
  /** The active playbook of the prompts. */
  readonly playbook?: string;
}

export function versionSearch({ against, view, playbook }: Given): VersionSearch {
  return {
    ...(Number.isInteger(against) && { against: Number(against) }),
    ...(view === 'prompt' && { view }),
    ...(typeof playbook === 'string' && { playbook }),
  };
}

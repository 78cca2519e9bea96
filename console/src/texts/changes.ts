import { common } from './common.ts';

/** Texts of what differs between two versions of an agent. */
export const changesTexts = {
  kinds: { ADDED: 'Added', REMOVED: 'Removed', CHANGED: 'Changed', MOVED: 'Moved' },
  added: 'Added line',
  removed: 'Removed line',
  secret: 'A secret was changed. Its value is never shown.',
  list: 'The whole list',
  placedAfter: (id: string) => `Placed after ${id}`,
  placedFirst: 'Placed first',
  nothing: { title: 'Nothing differs', body: 'All fields have the same values.' },
  unchangedLines: (count: number) => common.count(count, 'unchanged line', 'unchanged lines'),
};

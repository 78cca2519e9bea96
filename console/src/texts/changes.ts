import { common } from './common.ts';

/** Texts of what differs between two versions of an agent. */
export const changesTexts = {
  kinds: { ADDED: 'Added', REMOVED: 'Removed', CHANGED: 'Changed', MOVED: 'Moved' },
  before: 'Before',
  after: 'After',
  added: 'Added line',
  removed: 'Removed line',
  same: 'Unchanged line',
  noValue: 'No value',
  secret: 'A secret was changed. Its value is never shown.',
  list: 'The whole list',
  item: 'Item',
  placedAfter: (id: string) => `Placed after ${id}`,
  placedFirst: 'Placed first',
  nothing: { title: 'Nothing differs', body: 'All fields have the same values.' },
  count: (count: number) => common.count(count, 'change', 'changes'),
  unchangedLines: (count: number) => common.count(count, 'unchanged line', 'unchanged lines'),
};

import type { ResultOf } from '../../graphql/graphql.ts';
import { promptSections } from '../../texts/names.ts';
import { promptTexts } from '../../texts/prompt.ts';
import type { PROMPT } from './queries.ts';

export type Agent = NonNullable<NonNullable<ResultOf<typeof PROMPT>['org']>['agent']>;
export type Prompt = NonNullable<Agent['prompt']>;
export type Span = Prompt['spans'][number];

/** The field of headings, list marks and blank lines, which belong to no field of the agent. */
const LAYOUT = 'layout';

export function isAuthored({ field }: Span): boolean {
  return field !== LAYOUT;
}

/** The place of the first stretch of a section, or of one item of it; -1 if there is none. */
export function firstOf({ spans }: Prompt, section: string, itemId?: string): number {
  return spans.findIndex(
    (it) =>
      it.section === section && (itemId === undefined || it.itemId === itemId) && isAuthored(it),
  );
}

/** The names of items, which the prompt itself contains, by section and id. */
export type ItemNames = ReadonlyMap<string, string>;

export function itemNames({ text, spans }: Prompt): ItemNames {
  return new Map(
    spans
      .filter(({ field, itemId }) => field === 'name' && itemId !== null)
      .map(({ section, itemId, start, end }) => [keyOf(section, itemId), text.slice(start, end)]),
  );
}

/** The name of an item; its id if the prompt does not name it. */
export function itemName(names: ItemNames, section: string, itemId: string): string {
  return names.get(keyOf(section, itemId)) ?? itemId;
}

function keyOf(section: string, itemId: string | null): string {
  return `${section} ${itemId}`;
}

/** A field in words, e.g. `Topics to avoid, no. 2` of `topicsToAvoid[1]`. */
export function fieldName(field: string): string {
  const [, name = field, index] = /^(\w+)(?:\[(\d+)\])?$/.exec(field) ?? [];
  const words = promptTexts.fields[name] ?? name;
  return index === undefined ? words : promptTexts.numbered(words, Number(index) + 1);
}

/** Section, item and field, e.g. `Skills · Call booking · Text`. */
export function originName(names: ItemNames, { section, itemId, field }: Span): string {
  const parts = [
    promptSections[section],
    ...(itemId === null ? [] : [itemName(names, section, itemId)]),
    fieldName(field),
  ];
  return parts.join(' · ');
}

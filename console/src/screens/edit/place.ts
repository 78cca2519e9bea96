import type { Section } from './definition.ts';
import { isSection } from './search.ts';

/** A place in the form. */
export interface EditPlace {
  readonly section: Section;
  /** The id of an item of the section. */
  readonly item?: string;
  /** A field of the section or the item, e.g. `body` or `topicsToAvoid[2]`. */
  readonly field?: string;
}

/** The name of the field of a place, without its part; empty if the place has none. */
export function fieldNameOf({ field = '' }: EditPlace): string {
  return /^\w*/.exec(field)?.[0] ?? '';
}

interface Origin {
  readonly section: string;
  readonly itemId: string | null;
  readonly field: string;
}

/**
 * The place where a stretch of the prompt is edited.
 *
 * @param hasItem whether the agent itself has an item; system skills are not edited
 * @returns undefined if it cannot be edited
 */
export function placeOfOrigin(
  { section, itemId, field }: Origin,
  hasItem: (section: Section, id: string) => boolean,
): EditPlace | undefined {
  if (!isSection(section)) return undefined;
  if (itemId === null) return { section, field };
  return hasItem(section, itemId) ? { section, item: itemId, field } : undefined;
}

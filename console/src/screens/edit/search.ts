import { SECTIONS, type Section } from './definition.ts';

/** What the address of the editor says. */
export interface EditSearch {
  readonly section?: Section;
  /** The id of an item of the section. */
  readonly item?: string;
}

export function editSearch({ section, item }: Readonly<Record<string, unknown>>): EditSearch {
  return {
    ...(isSection(section) && { section }),
    ...(isSection(section) && typeof item === 'string' && { item }),
  };
}

/** Whether a value names a section of a document. */
export function isSection(value: unknown): value is Section {
  return typeof value === 'string' && Object.hasOwn(SECTIONS, value);
}

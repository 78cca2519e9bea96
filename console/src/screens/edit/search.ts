import { SECTIONS, type Section } from './definition.ts';

/** What the address of the editor says. */
export interface EditSearch {
  readonly section?: Section;
  /** The id of an item of the section. */
  readonly item?: string;
  /** The field that gets the focus. */
  readonly field?: string;
}

export function editSearch({
  section,
  item,
  field,
}: Readonly<Record<string, unknown>>): EditSearch {
  if (!isSection(section)) return {};
  return {
    section,
    ...(typeof item === 'string' && { item }),
    ...(typeof field === 'string' && { field }),
  };
}

/** Whether a value names a section of a document. */
export function isSection(value: unknown): value is Section {
  return typeof value === 'string' && Object.hasOwn(SECTIONS, value);
}

import { type Section, sectionOf } from '../edit/definition.ts';

/** Where a finding is fixed. */
export type FixingPlace =
  | { readonly screen: 'channels' | 'tools' }
  | { readonly screen: 'edit'; readonly section: Section; readonly item?: string };

/** A section, and the id of an item of it, e.g. `playbooks[sales].whenToUse`. */
const FIELD = /^(\w+)(?:\[([^\]]+)\])?/;

/** The place that fixes a finding; undefined if none is known. */
export function placeOf(field: string): FixingPlace | undefined {
  const [, part = '', item] = FIELD.exec(field) ?? [];
  if (part === 'channels') return { screen: 'channels' };
  if (part === 'toolBindings') return { screen: 'tools' };
  const section = sectionOf(part);
  if (!section) return undefined;
  return { screen: 'edit', section, ...(item !== undefined && { item }) };
}

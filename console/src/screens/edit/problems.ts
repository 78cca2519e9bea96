import type { Detail } from '../../graphql/errors.ts';
import {
  type Definition,
  idOf,
  itemName,
  itemOf,
  itemsOf,
  SECTIONS,
  type Section,
  sectionOf,
} from './definition.ts';
import { type EditPlace, fieldNameOf } from './place.ts';

/** A problem of a draft, as the server reports it. */
export interface Problem extends Detail {
  /** Left out for a draft that cannot be read. */
  readonly code?: string;
}

/** A problem, and the place in the form that it concerns, if there is one. */
export interface PlacedProblem {
  readonly message: string;
  readonly place: EditPlace | undefined;
}

/** A section, the number of an item, and the rest, e.g. `playbooks[0].examples[1].role`. */
const PATH = /^(\w+)(?:\[(\d+)\])?(?:\.(.+))?$/;

export function placed(
  definition: Definition,
  problems: readonly Problem[],
): readonly PlacedProblem[] {
  return problems.map(({ code, path, message }) => {
    // These paths count the items of the merged agent.
    const place = placeOfProblem(code === 'merge.invalid' ? {} : definition, path);
    return { place, message: place || path === '' ? message : `${path}: ${message}` };
  });
}

function placeOfProblem(definition: Definition, path: string): EditPlace | undefined {
  const [, key = '', index, rest] = PATH.exec(path) ?? [];
  const section = sectionOf(key);
  if (!section) return undefined;
  const field = rest === undefined ? {} : { field: rest };
  if (index === undefined) return { section, ...field };
  // A text of a list without ids.
  if (SECTIONS[section].idField === undefined) return { section, field: path };
  const item = itemsOf(definition, section)[Number(index)];
  return item ? { section, item: idOf(section, item), ...field } : { section };
}

/** A problem of a field: of all of it, or of a part, e.g. `[2]` or `.hours`. */
export interface FieldProblem {
  readonly part: string;
  readonly message: string;
}

/** The problems of one form, by field; by an empty name those of all of it. */
export type FormProblems = ReadonlyMap<string, readonly FieldProblem[]>;

export const NO_PROBLEMS: readonly FieldProblem[] = [];

/** @param fields the names of the fields that the form has */
export function problemsOfForm(
  problems: readonly PlacedProblem[],
  { section, item }: EditPlace,
  fields: readonly string[],
): FormProblems {
  const found = new Map<string, FieldProblem[]>();
  for (const { place, message } of problems) {
    if (place?.section !== section || (place.item ?? item) !== item) continue;
    const { field = '' } = place;
    const name = fieldNameOf(place);
    const isField = fields.includes(name);
    const one = isField
      ? { part: field.slice(name.length), message }
      : { part: '', message: field === '' ? message : `${field}: ${message}` };
    const key = isField ? name : '';
    found.set(key, [...(found.get(key) ?? []), one]);
  }
  return found;
}

/** The problems of a field as a text; undefined without any. */
export function problemText(problems: readonly FieldProblem[]): string | undefined {
  if (problems.length === 0) return undefined;
  return problems
    .map(({ part, message }) => (part === '' ? message : `${part.replace(/^\./, '')}: ${message}`))
    .join('; ');
}

/** The ids of the items of a section that have problems. */
export function itemsWithProblems(
  problems: readonly PlacedProblem[],
  section: Section,
): readonly string[] {
  return problems.flatMap(({ place }) =>
    place?.section === section && place.item !== undefined ? [place.item] : [],
  );
}

/** The name of the item of a place, if it is one of an item. */
export function itemNameOf(definition: Definition, { section, item }: EditPlace): string | null {
  if (item === undefined) return null;
  const found = itemOf(definition, section, item);
  return found ? itemName(section, found) : item;
}

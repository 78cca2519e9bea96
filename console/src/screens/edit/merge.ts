import {
  type Definition,
  type Fields,
  fieldsOf,
  idOf,
  isFields,
  itemOf,
  itemsOf,
  SECTIONS,
  type Section,
  withField,
  withInserted,
  withItem,
  withoutItem,
  withSection,
} from './definition.ts';

/** The place of a field that both sides changed. */
export interface Place {
  readonly section: Section;
  readonly itemId: string | null;
  /** As the API has it; empty for an item itself, for its place, and for a whole section. */
  readonly path: string;
}

export type Side = 'theirs' | 'yours';
/** By `placeKey`. */
export type Choices = Readonly<Record<string, Side>>;

export function placeKey({ section, itemId, path }: Place): string {
  return JSON.stringify([section, itemId, path]);
}

/** Whether a side was chosen for every conflict. */
export function isDecided(conflicts: readonly Place[], choices: Choices): boolean {
  return conflicts.every((it) => choices[placeKey(it)] !== undefined);
}

/** Your definition with their value of each field for which their side was chosen. */
export function resolved(
  yours: Definition,
  theirs: Definition,
  conflicts: readonly Place[],
  choices: Choices,
): Definition {
  return conflicts
    .filter((it) => choices[placeKey(it)] === 'theirs')
    .reduce((definition, place) => withTheirs(definition, theirs, place), yours);
}

function withTheirs(yours: Definition, theirs: Definition, place: Place): Definition {
  const { section, itemId, path } = place;
  if (itemId === null) {
    if (path === '') return withSection(yours, section, theirs[SECTIONS[section].key] ?? null);
    const fields = fieldsOf(theirs, section);
    return withSection(yours, section, withValueOf(fieldsOf(yours, section), fields, path));
  }
  const theirItem = itemOf(theirs, section, itemId);
  const yourItem = itemOf(yours, section, itemId);
  if (!theirItem) return withoutItem(yours, section, itemId);
  if (!yourItem || path === '') {
    const before = idInFront(theirs, section, itemId);
    return withInserted(yours, section, yourItem ?? theirItem, before);
  }
  return withItem(yours, section, itemId, withValueOf(yourItem, theirItem, path));
}

function idInFront(definition: Definition, section: Section, id: string): string | null {
  const ids = itemsOf(definition, section).map((it) => idOf(section, it));
  return ids[ids.indexOf(id) - 1] ?? null;
}

/** The fields with the value that others have at a path; without it if they have none. */
function withValueOf(fields: Fields, others: Fields, path: string): Fields {
  const set = (into: Fields, from: Fields, [step, ...rest]: readonly string[]): Fields => {
    if (step === undefined) return from;
    const [own, other] = [into[step], from[step]];
    return rest.length > 0 && isFields(other)
      ? withField(into, step, set(isFields(own) ? own : {}, other, rest))
      : withField(into, step, rest.length > 0 ? removed(own, rest) : other);
  };
  return set(fields, others, steps(path));
}

/** A value without what it has at a path. */
function removed(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined || !isFields(value)) return value;
  return withField(value, step, rest.length === 0 ? undefined : removed(value[step], rest));
}

/** A name, or any other text as JSON in brackets, as in `config.hours["Mon–Fri"]`. */
const STEP = /\.?([^.[\]]+)|\[("(?:[^"\\]|\\.)*")\]/g;

/** The names that a path leads through. */
export function steps(path: string): readonly string[] {
  return [...path.matchAll(STEP)].map(([, plain, quoted]) =>
    quoted === undefined ? String(plain) : String(JSON.parse(quoted)),
  );
}

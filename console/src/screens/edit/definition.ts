import type { sectionNames } from '../../texts/names.ts';

export type Fields = Readonly<Record<string, unknown>>;
/** Fields, items with ids, or texts. */
type SectionValue = Fields | readonly Fields[] | readonly string[] | null;
/** An agent as a document: its sections by their keys, and `agent`, its id, name and description. */
export type Definition = Readonly<Record<string, SectionValue | undefined>>;

/** The sections of a document. */
export type Section = Exclude<keyof typeof sectionNames, 'CHANNELS'>;

interface SectionSpec {
  /** Its name in a definition. */
  readonly key: string;
  /** Of a list with ids: the field that is the id. */
  readonly idField?: 'id' | 'toolId';
}

export const SECTIONS: Readonly<Record<Section, SectionSpec>> = {
  AGENT: { key: 'agent' },
  IDENTITY: { key: 'identity' },
  PERSONALITY: { key: 'personality' },
  OBJECTIVES: { key: 'objectives', idField: 'id' },
  GUARDRAILS: { key: 'guardrails' },
  PLAYBOOKS: { key: 'playbooks', idField: 'id' },
  SKILLS: { key: 'skills', idField: 'id' },
  MESSAGE_TEMPLATES: { key: 'messageTemplates', idField: 'id' },
  OUTREACH: { key: 'outreach' },
  TOOL_BINDINGS: { key: 'toolBindings', idField: 'toolId' },
  PRODUCTS: { key: 'products' },
};

/** The sections in the order of a form. */
export const SECTION_LIST = Object.keys(SECTIONS) as readonly Section[];

/** The section that has a name in a definition, e.g. `messageTemplates`. */
export function sectionOf(key: string): Section | undefined {
  return SECTION_LIST.find((it) => SECTIONS[it].key === key);
}

/** An agent, as the server returns it. */
export interface EditedAgent {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly version: number;
  /** Its sections as JSON. */
  readonly export: string;
}

/** @throws SyntaxError if the export is no JSON */
export function definitionOf({ id, name, description, export: exported }: EditedAgent): Definition {
  const agent = { id, name, ...(description !== null && { description }) };
  return { agent, ...JSON.parse(exported) };
}

/** The fields of a section without items; empty if it has none. */
export function fieldsOf(definition: Definition, section: Section): Fields {
  const value = definition[SECTIONS[section].key];
  return isFields(value) ? value : {};
}

export function itemsOf(definition: Definition, section: Section): readonly Fields[] {
  const value = definition[SECTIONS[section].key];
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** The texts of a section that is a list of them. */
export function textsOf(definition: Definition, section: Section): readonly string[] {
  return textsIn(definition[SECTIONS[section].key]);
}

export function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((it) => typeof it === 'string') : [];
}

export function idOf(section: Section, item: Fields): string {
  return String(item[SECTIONS[section].idField ?? 'id']);
}

/** The name of an item; of one without a name, such as a tool, its id. */
export function itemName(section: Section, item: Fields): string {
  const { name } = item;
  return typeof name === 'string' && name !== '' ? name : idOf(section, item);
}

export function itemOf(definition: Definition, section: Section, id: string): Fields | undefined {
  return itemsOf(definition, section).find((it) => idOf(section, it) === id);
}

export function withSection(
  definition: Definition,
  section: Section,
  value: SectionValue,
): Definition {
  return { ...definition, [SECTIONS[section].key]: value };
}

/** The definition with other fields of one item. */
export function withItem(
  definition: Definition,
  section: Section,
  id: string,
  fields: Fields,
): Definition {
  const items = itemsOf(definition, section).map((it) => (idOf(section, it) === id ? fields : it));
  return withSection(definition, section, items);
}

/** @param after the id of the item in front of it; null for the first place */
export function withInserted(
  definition: Definition,
  section: Section,
  item: Fields,
  after: string | null,
): Definition {
  const id = idOf(section, item);
  const others = itemsOf(definition, section).filter((it) => idOf(section, it) !== id);
  // At the end, if the item in front of it does not exist.
  const found = others.findIndex((it) => idOf(section, it) === after);
  const at = after === null ? 0 : found < 0 ? others.length : found + 1;
  return withSection(definition, section, others.toSpliced(at, 0, item));
}

/** Lists of references to the items of a section, in playbooks. */
const REFS: Readonly<Partial<Record<Section, string>>> = {
  SKILLS: 'skillRefs',
  MESSAGE_TEMPLATES: 'messageTemplateRefs',
};

/** The definition without one item and without the references to it. Playbooks keep a default. */
export function withoutItem(definition: Definition, section: Section, id: string): Definition {
  const items = itemsOf(definition, section).filter((it) => idOf(section, it) !== id);
  const [first] = items;
  const lacksDefault = section === 'PLAYBOOKS' && first && !items.some((it) => it.isDefault);
  const removed = withSection(
    definition,
    section,
    lacksDefault ? items.with(0, withField(first, 'isDefault', true)) : items,
  );
  const refs = REFS[section];
  const unreferred = refs === undefined ? removed : withoutRefs(removed, refs, id);
  const outreach = fieldsOf(unreferred, 'OUTREACH');
  return section === 'MESSAGE_TEMPLATES' && outreach.greetingTemplateId === id
    ? withSection(unreferred, 'OUTREACH', withField(outreach, 'greetingTemplateId', undefined))
    : unreferred;
}

/** @param refs the field of playbooks that loses the reference to an item */
function withoutRefs(definition: Definition, refs: string, id: string): Definition {
  const playbooks = itemsOf(definition, 'PLAYBOOKS');
  const isReferring = (it: Fields) => textsIn(it[refs]).includes(id);
  if (!playbooks.some(isReferring)) return definition;
  const unreferred = playbooks.map((it) =>
    isReferring(it)
      ? withField(
          it,
          refs,
          textsIn(it[refs]).filter((ref) => ref !== id),
        )
      : it,
  );
  return withSection(definition, 'PLAYBOOKS', unreferred);
}

/** The definition with an item one place nearer to the front or the end. */
export function withMoved(
  definition: Definition,
  section: Section,
  id: string,
  by: -1 | 1,
): Definition {
  const items = itemsOf(definition, section);
  const at = items.findIndex((it) => idOf(section, it) === id);
  const moved = items[at];
  const to = at + by;
  if (!moved || to < 0 || to >= items.length) return definition;
  return withSection(definition, section, items.toSpliced(at, 1).toSpliced(to, 0, moved));
}

/** Flags that at most one item of a list has. */
const EXCLUSIVE = ['isDefault', 'isOutbound'];

/** The definition with one field of an item. A flag that one item has is taken from the others. */
export function withItemField(
  definition: Definition,
  section: Section,
  id: string,
  path: string,
  value: unknown,
): Definition {
  const items = itemsOf(definition, section).map((it) => {
    if (idOf(section, it) === id) return withField(it, path, value);
    return EXCLUSIVE.includes(path) && value === true && it[path] === true
      ? withField(it, path, false)
      : it;
  });
  return withSection(definition, section, items);
}

/** The fields with one value; undefined removes it. */
export function withField(fields: Fields, name: string, value: unknown): Fields {
  const { [name]: _, ...others } = fields;
  return value === undefined ? others : { ...fields, [name]: value };
}

/** An id of an item: letters, digits and `-`, made from its name and not among those in use. */
export function newId(name: string, taken: readonly string[]): string {
  const slug =
    name
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, MAX_SLUG)
      .replace(/^-+|-+$/g, '') || 'item';
  if (!taken.includes(slug)) return slug;
  for (let n = 2; ; n += 1) {
    if (!taken.includes(`${slug}-${n}`)) return `${slug}-${n}`;
  }
}

const MAX_SLUG = 50;

/** Whether two definitions say the same. An absent section is empty. */
export function isSameDefinition(one: Definition, other: Definition): boolean {
  return changedSections(one, other).length === 0;
}

/** The sections that differ. */
export function changedSections(one: Definition, other: Definition): readonly Section[] {
  return SECTION_LIST.filter((section) => {
    const { key } = SECTIONS[section];
    return textOf(one[key]) !== textOf(other[key]);
  });
}

/** JSON with sorted names: the order of fields is no difference. */
function textOf(value: unknown): string {
  return JSON.stringify(value ?? {}, (_, it: unknown) =>
    isFields(it) ? Object.fromEntries(Object.entries(it).sort(([a], [b]) => (a < b ? -1 : 1))) : it,
  ).replace(/^\[\]$/, '{}');
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

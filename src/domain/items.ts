import type { Agent } from './agents.ts';
import { DomainError, type ErrorCode, invalid, type Problem } from './errors.ts';
import { ItemIds, isSlug, mintItemId, SLUG_RULE } from './ids.ts';
import { isSameJson } from './json.ts';

/** An item of one of an agent's lists. */
export interface Item {
  readonly id: string;
}

/** A changed agent, and the item that was changed. */
export interface ItemChange<T> {
  readonly agent: Agent;
  readonly item: T;
}

/** The noun and the error codes of one kind of item. */
export interface ItemKind {
  /** For messages, and for the id of an item whose name gives no slug, e.g. `objective`. */
  readonly noun: string;
  readonly notFound: ErrorCode;
  readonly idTaken: ErrorCode;
}

/** @throws DomainError `….not_found` */
export function itemOf<T extends Item>(kind: ItemKind, items: readonly T[], id: string): T {
  const item = items.find((one) => one.id === id);
  if (!item) throw new DomainError(kind.notFound, `there is no ${kind.noun} '${id}'`);
  return item;
}

/**
 * The id of a new item: the given one, or one minted from the name.
 *
 * @throws DomainError `request.invalid` if the given one is no slug, `….id_taken`
 */
export function newItemId(kind: ItemKind, items: readonly Item[], given: Named): string {
  const taken = new Set(items.map(({ id }) => id));
  if (given.id == null) return mintItemId(given.name, taken, slugOfKind(kind));
  if (!isSlug(given.id)) throw invalid([{ path: 'id', message: SLUG_RULE }]);
  if (!taken.has(given.id)) return given.id;
  throw new DomainError(kind.idTaken, `the ${kind.noun} id '${given.id}' is taken`, [
    { path: 'id', message: 'is taken' },
  ]);
}

interface Named {
  readonly id?: string | null | undefined;
  readonly name: string;
}

/** The ids of the items of a new list: given ones are kept, the others are minted. */
export function idsOf(kind: ItemKind, items: readonly Named[]): string[] {
  const minting = new ItemIds(items.flatMap(({ id }) => id ?? []));
  return items.map(({ id, name }) => id ?? minting.mint(name, slugOfKind(kind)));
}

/** Every given id that is no slug or that is repeated. */
export function idProblems(items: readonly Pick<Named, 'id'>[], path: string): Problem[] {
  const seen = new Set<string>();
  return items.flatMap(({ id }, i) => {
    if (id == null) return [];
    const repeated = seen.has(id);
    seen.add(id);
    if (isSlug(id) && !repeated) return [];
    return [{ path: `${path}[${i}].id`, message: repeated ? 'is repeated' : SLUG_RULE }];
  });
}

function slugOfKind({ noun }: ItemKind): string {
  return noun.replaceAll(' ', '-');
}

/** The list with the item of the same id replaced. */
export function withItem<T extends Item>(items: readonly T[], item: T): T[] {
  return items.map((one) => (one.id === item.id ? item : one));
}

/**
 * Every changed field among those that a caller may send back as they were read, but not
 * change: `id`, `derivedFrom` … `null` means unset.
 */
export function fixedProblems(
  current: object,
  given: object,
  fields: readonly string[],
  path = '',
): Problem[] {
  return fields.flatMap((field) => {
    const value = (given as Record<string, unknown>)[field];
    if (value === undefined) return [];
    const isKept = isSameJson(value ?? undefined, (current as Record<string, unknown>)[field]);
    return isKept ? [] : [{ path: `${path}${field}`, message: 'cannot be changed' }];
  });
}

import slugify from '@sindresorhus/slugify';
import { LENGTHS } from './lengths.ts';

/** The form of an id that a caller may choose (decisions, section 4). */
export const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?$/;
export const SLUG_RULE =
  'must be 1 to 80 of a-z, 0-9 and "-", and start and end with a letter or digit';
export const ID_SUFFIX_LENGTH = 8;
export const ID_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
export const URL_SAFE_ALPHABET = `ABCDEFGHIJKLMNOPQRSTUVWXYZ${ID_ALPHABET}`;

export function isSlug(id: string): boolean {
  return SLUG.test(id);
}

/** UTF-16 units of a name that a slug is made from: transliterating a long text takes minutes. */
const MAX_SLUGGED = 4 * LENGTHS.slug;

/** A slug of at most `length` characters; `fallback` if the name has no characters for one. */
function slugOf(name: string, fallback: string, length: number): string {
  const slug = slugify(name.trimStart().slice(0, MAX_SLUGGED)).replace(/[^a-z0-9-]/g, '');
  return slug.slice(0, length).replace(/^-+|-+$/g, '') || fallback;
}

/** `agent-`, the slug of the name, `-` and the random suffix (8 of `[a-z0-9]`). */
export function mintAgentId(name: string, suffix: string): string {
  const slug = slugOf(name, '', LENGTHS.slug - 'agent--'.length - suffix.length);
  return slug ? `agent-${slug}-${suffix}` : `agent-${suffix}`;
}

/** Mints ids for the items of one list, in constant time each, also for many of the same name. */
export class ItemIds {
  readonly #taken: Set<string>;
  /** By slug: the next number to try. */
  readonly #next = new Map<string, number>();

  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken);
  }

  /**
   * The slug of the item's name, with `-2`, `-3` … if it is taken. The id is taken afterwards.
   *
   * @param fallback used if the name has no characters for a slug, e.g. `skill`
   */
  mint(name: string, fallback: string): string {
    const slug = slugOf(name, fallback, LENGTHS.slug - '-10000'.length);
    let n = this.#next.get(slug) ?? 1;
    let id = n === 1 ? slug : `${slug}-${n}`;
    while (this.#taken.has(id)) {
      n += 1;
      id = `${slug}-${n}`;
    }
    this.#next.set(slug, n + 1);
    this.#taken.add(id);
    return id;
  }
}

/** An id for one item (see `ItemIds`). */
export function mintItemId(name: string, taken: Iterable<string>, fallback: string): string {
  return new ItemIds(taken).mint(name, fallback);
}

import slugify from '@sindresorhus/slugify';

/** What a caller may give as an id (decisions, section 4). */
const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?$/;
const SLUG_LENGTH = 80;
export const SLUG_RULE =
  'must be 1 to 80 of a-z, 0-9 and "-", and start and end with a letter or digit';
export const ID_SUFFIX_LENGTH = 8;
export const ID_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
export const URL_SAFE_ALPHABET = `ABCDEFGHIJKLMNOPQRSTUVWXYZ${ID_ALPHABET}`;

export function isSlug(id: string): boolean {
  return SLUG.test(id);
}

/** A valid slug of at most `length` characters, or `fallback` where the name slugs to nothing. */
function slugOf(name: string, fallback: string, length: number): string {
  const slug = slugify(name).replace(/[^a-z0-9-]/g, '');
  return slug.slice(0, length).replace(/^-+|-+$/g, '') || fallback;
}

/** `agent-` + slug of the name + `-` + the random suffix (8 of `[a-z0-9]`). */
export function mintAgentId(name: string, suffix: string): string {
  const slug = slugOf(name, '', SLUG_LENGTH - 'agent--'.length - suffix.length);
  return slug ? `agent-${slug}-${suffix}` : `agent-${suffix}`;
}

/**
 * An id for an item of an agent: the slug of its name, with `-2`, `-3` … when
 * taken.
 *
 * @param fallback the slug of a name that slugs to nothing, e.g. `skill`
 */
export function mintItemId(name: string, taken: ReadonlySet<string>, fallback: string): string {
  const slug = slugOf(name, fallback, SLUG_LENGTH - '-10000'.length);
  if (!taken.has(slug)) return slug;
  for (let n = 2; ; n += 1) {
    if (!taken.has(`${slug}-${n}`)) return `${slug}-${n}`;
  }
}

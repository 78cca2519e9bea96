/** The form of an id that a caller chooses. */
const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?$/;
const MAX_LENGTH = 80;

export function isSlug(id: string): boolean {
  return SLUG.test(id);
}

/** An id that is proposed for a name; empty if the name has no letter or digit for one. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, MAX_LENGTH)
    .replace(/-$/, '');
}

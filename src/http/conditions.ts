import { DomainError } from '../domain/errors.ts';

/**
 * An agent's version as an entity tag.
 *
 * @param variant which form, if one version has several
 * @example etagOf(7, 'json') // '"7-json"'
 */
export function etagOf(version: number, variant?: string): string {
  return variant === undefined ? `"${version}"` : `"${version}-${variant}"`;
}

/** The tag of the same form in a content coding, such as `"7-json-gzip"`. */
export function codedTag(etag: string, coding: string): string {
  return `${etag.slice(0, -1)}-${coding}"`;
}

/** Never a version: the result of an `If-Match` that cannot match. */
const NO_VERSION = -1;

/**
 * The version that an `If-Match` header demands; undefined for none and for `*`. The form and the
 * coding in a tag do not matter. A tag that is not one of ours, or a weak one, matches no version.
 *
 * @throws DomainError `request.malformed` on a list of tags
 */
export function expectedVersion(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  if (ifMatch.includes(',')) {
    throw new DomainError('request.malformed', 'If-Match accepts one entity tag');
  }
  const version = /^"(\d{1,9})(?:-[a-z]+){0,2}"$/.exec(ifMatch.trim())?.[1];
  return version === undefined ? NO_VERSION : Number(version);
}

/**
 * The tag that `If-None-Match` names for the same content, by weak comparison: in any coding.
 *
 * @returns undefined when it names none; `etag` for `*`
 */
export function matchedTag(ifNoneMatch: string | undefined, etag: string): string | undefined {
  if (ifNoneMatch === undefined) return undefined;
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (tags.includes('*')) return etag;
  return tags.find((tag) => tag === etag || tag.replace(/-(?:gzip|br)"$/, '"') === etag);
}

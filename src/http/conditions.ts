import { DomainError } from '../domain/errors.ts';

/**
 * An agent's version as an entity tag.
 *
 * @param variant where one version has several forms, which one
 */
export function etagOf(version: number, variant?: string): string {
  return variant === undefined ? `"${version}"` : `"${version}-${variant}"`;
}

/** Never a version: what an `If-Match` that cannot match comes to. */
const NO_VERSION = -1;

/**
 * The version that an `If-Match` header demands; undefined for none and for `*`.
 * A tag that is not one of ours, weak ones included, matches no version.
 *
 * @throws DomainError `request.malformed` on a list of tags
 */
export function expectedVersion(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  if (ifMatch.includes(',')) {
    throw new DomainError('request.malformed', 'If-Match takes one entity tag');
  }
  const version = /^"(\d{1,9})(?:-[a-z]+)?"$/.exec(ifMatch.trim())?.[1];
  return version === undefined ? NO_VERSION : Number(version);
}

/** Whether `If-None-Match` names the tag, by weak comparison. */
export function matchesNone(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}

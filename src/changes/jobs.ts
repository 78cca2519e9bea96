import { collectionSpec, type Doc } from '../store/port.ts';
import type { ResourceType, StoredResource } from './collection.ts';

/**
 * `purge` removes the documents that belonged to a removed resource. `catchUp` passes on the
 * events of changes that were under way when an org's webhook was created.
 */
export type JobKind = 'purge' | 'catchUp';

/** How long a process may not know that another one created the first webhook of an org. */
export const WATCHED_KNOWN_MS = 1_000;

/** A catch-up waits for the changes of other processes that do not know of the webhook yet. */
export const FIRST_RUN_AFTER_MS: Readonly<Record<JobKind, number>> = {
  purge: 0,
  catchUp: 2 * WATCHED_KNOWN_MS,
};

/**
 * Work in the background. It is inserted in the commit that makes it necessary, and removed
 * once it has been done twice: soon, and when no write that began before can end any more.
 */
export interface JobDoc extends Doc {
  readonly org: string;
  readonly kind: JobKind;
  readonly type: ResourceType;
  readonly resource: StoredResource;
  /** ISO-8601. */
  readonly createdAt: string;
  /** ISO-8601. While a process does the job, when others may take it over. */
  readonly dueAt: string;
}

export const JOBS = collectionSpec<JobDoc>('jobs', { due: { eq: [], order: 'dueAt' } }, 'org');

/** @param at ISO-8601, when it is inserted */
export function jobOf(
  kind: JobKind,
  type: ResourceType,
  resource: StoredResource,
  at: string,
): JobDoc {
  const key = `${resource.org}/${kind}/${type}/${resource.uid}`;
  const { org } = resource;
  const dueAt = new Date(Date.parse(at) + FIRST_RUN_AFTER_MS[kind]).toISOString();
  return { key, version: 1, org, kind, type, resource, createdAt: at, dueAt };
}

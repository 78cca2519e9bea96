import { DomainError } from '../domain/errors.ts';
import type { Collection, Doc } from '../store/port.ts';
import type { Work } from '../work.ts';

/** The most that an org may have of each kind. */
export const MAX_PER_ORG = { apiKeys: 500, members: 1_000, webhooks: 100 } as const;

const NOUNS: Readonly<Record<keyof typeof MAX_PER_ORG, string>> = {
  apiKeys: 'API keys',
  members: 'members',
  webhooks: 'webhooks',
};

/**
 * Called before one of a kind is added to an org. Concurrent additions may exceed the limit by
 * their number.
 *
 * @param collection of the kind, with an index `byOrg`
 * @throws DomainError `org.limit_reached`
 */
export async function assertRoom<D extends Doc>(
  work: Work,
  collection: Collection<D>,
  org: string,
  kind: keyof typeof MAX_PER_ORG,
): Promise<void> {
  const limit = MAX_PER_ORG[kind];
  const page = await collection.scan(work, { index: 'byOrg', eq: [org], limit, fields: [] });
  if (page.docs.length < limit) return;
  throw new DomainError(
    'org.limit_reached',
    `an org has at most ${limit} ${NOUNS[kind]}; remove one first`,
  );
}

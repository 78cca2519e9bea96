import type { ChangeLog } from '../../src/changes/change-log.ts';
import { DomainError } from '../../src/domain/errors.ts';
import type { NewEvent } from '../../src/domain/events.ts';
import { type RecordDoc, Records } from '../../src/records/records.ts';
import { type Collection, collectionSpec } from '../../src/store/port.ts';
import { WORK } from './work.ts';

/** A record for tests of records and their change log; its changes are recorded as a webhook's. */
export interface Thing extends RecordDoc {
  readonly org: string;
  readonly uid: string;
  readonly n: number;
}

export const THINGS = collectionSpec<Thing>(
  'things',
  { byOrg: { eq: ['org'], order: 'uid' } },
  'org',
);

let uids = 0;

export function thing(id: string, org = 'acme'): Thing {
  uids += 1;
  const uid = `uid-${uids}`;
  return { key: `${org}/${id}`, org, uid, n: 0, version: 1, updatedAt: '2026-01-01' };
}

export function thingRecords(collection: Collection<Thing>, log: ChangeLog): Records<Thing> {
  return new Records({
    log,
    collection,
    type: 'webhook',
    resourceOf: ({ key, org, uid }) => ({ org, id: key.slice(org.length + 1), uid }),
    notFound: (key) => new DomainError('webhook.not_found', key),
  });
}

export const event = (id: string): NewEvent => ({
  type: 'org.updated',
  data: { id, orgId: 'acme' },
});

/** Counts in a thing, with an event. */
export function increment(records: Records<Thing>, key: string, name: string): Promise<Thing> {
  return records.change(WORK, key, undefined, (it) => ({ ...it, n: it.n + 1 }), {
    describe: () => ({ events: [event(name)] }),
  });
}

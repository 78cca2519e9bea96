import type { Org } from '../domain/orgs.ts';
import { OUTBOX_INDEX } from '../records/outbox.ts';
import { collectionSpec } from '../store/port.ts';

/** As stored. The key is the org's id. */
export interface OrgDoc extends Org {
  readonly key: string;
}

export const ORGS = collectionSpec<OrgDoc>('orgs', {
  ...OUTBOX_INDEX,
  byId: { eq: [], order: 'id' },
});

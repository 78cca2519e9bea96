import type { Org } from '../domain/orgs.ts';
import { collectionSpec } from '../store/port.ts';

/** As stored. The key is the org's id. */
export interface OrgDoc extends Org {
  readonly key: string;
}

export const ORGS = collectionSpec<OrgDoc>('orgs', {
  byId: { eq: [], order: 'id' },
});

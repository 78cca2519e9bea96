import type { OutreachLink } from '../domain/outreach-links.ts';
import { OUTBOX_INDEX } from '../records/outbox.ts';
import { collectionSpec, type Doc } from '../store/port.ts';

/** As stored. The key is the owner and the link's id. */
export interface OutreachLinkDoc extends OutreachLink, Doc {
  readonly owner: string;
  readonly org: string;
  readonly agentId: string;
  /** Orders links by creation. */
  readonly uid: string;
  readonly updatedAt: string;
}

export const OUTREACH_LINKS = collectionSpec<OutreachLinkDoc>(
  'outreachLinks',
  {
    ...OUTBOX_INDEX,
    /** Newest first, read in reverse. */
    byOwner: { eq: ['owner'], order: 'uid' },
  },
  'owner',
);

/**
 * Whose a code is, or was. The key is the code. It outlives the link, and the
 * agent: a code that was once given out leads nowhere else, ever.
 */
export interface OutreachCodeDoc extends Doc {
  /** The key of the link. */
  readonly link: string;
}

export const OUTREACH_CODES = collectionSpec<OutreachCodeDoc>('outreachCodes');

import type { OutreachLink } from '../domain/outreach-links.ts';
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
    /** Newest first, read in reverse. */
    byOwner: { eq: ['owner'], order: 'uid' },
  },
  'owner',
);

/**
 * The link that a code belongs to, or belonged to. The key is the code. It outlives the link and
 * the agent: a code that was once given out never leads anywhere else.
 */
export interface OutreachCodeDoc extends Doc {
  /** The key of the link. */
  readonly link: string;
}

export const OUTREACH_CODES = collectionSpec<OutreachCodeDoc>('outreachCodes');

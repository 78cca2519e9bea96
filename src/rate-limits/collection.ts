import { collectionSpec, type Doc } from '../store/port.ts';

/** What all processes gave of one caller's limit. The key is `<limit>/<hash of the caller>`. */
export interface SharedLimitDoc extends Doc {
  /** Requests that were served, since any time. */
  readonly given: number;
  /** ISO-8601. When the whole limit is free again, as far as one of them knows; no use after that. */
  readonly fullAt: string;
}

export const SHARED_LIMITS = collectionSpec<SharedLimitDoc>('sharedLimits', {
  full: { eq: [], order: 'fullAt' },
});

import type { Sealed } from '../secrets/keyring.ts';
import { collectionSpec, type Doc } from '../store/port.ts';

/**
 * The use of an idempotency key by a principal. Inserted before the request is executed, so that
 * of several processes one executes it. The key of the document is a hash of both.
 */
export interface IdempotencyDoc extends Doc {
  /** Names this use of the key. The changes that the request makes refer to it. */
  readonly use: string;
  /** A hash of the request: another request under the key is refused. */
  readonly request: string;
  /** A hash of the principal's rights, as they were. */
  readonly rights: string;
  /** ISO-8601. Set while the request is executed: a process that died does not end it. */
  readonly leaseUntil?: string;
  /** The answer, once the request has been executed; unset if it was not kept. */
  readonly answer?: Sealed;
  /** ISO-8601. */
  readonly expiresAt: string;
}

export const IDEMPOTENCY = collectionSpec<IdempotencyDoc>('idempotency', {
  byExpiry: { eq: [], order: 'expiresAt' },
});

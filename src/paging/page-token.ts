import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Cursor } from '../store/port.ts';

const TAG_BYTES = 12;

/**
 * Opaque tokens for positions in a query's results. A token is sealed to its
 * query, so that neither a changed one nor one of another query is taken.
 */
export class PageTokens {
  readonly #secret: Uint8Array;

  /** @param secret the same in every process that serves the store */
  constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  /** @param query says which query the position is in: its index and every filter */
  seal(query: string, { order, key }: Cursor): string {
    const body = Buffer.from(JSON.stringify([order, key]));
    return Buffer.concat([this.#tag(query, body), body]).toString('base64url');
  }

  /** Undefined when the token was not sealed here for this query. */
  open(query: string, token: string): Cursor | undefined {
    const bytes = Buffer.from(token, 'base64url');
    // Node ignores what is not base64url: only the one spelling is taken.
    if (bytes.length <= TAG_BYTES || bytes.toString('base64url') !== token) return undefined;
    const body = bytes.subarray(TAG_BYTES);
    if (!timingSafeEqual(bytes.subarray(0, TAG_BYTES), this.#tag(query, body))) return undefined;
    const [order, key] = JSON.parse(body.toString()) as [string, string];
    return { order, key };
  }

  #tag(query: string, body: Uint8Array): Buffer {
    const mac = createHmac('sha256', this.#secret);
    mac.update(String(query.length)).update(':').update(query).update(body);
    return mac.digest().subarray(0, TAG_BYTES);
  }
}

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Cursor } from '../store/port.ts';

/** Bounds on the `order` field of what is scanned: from inclusive, before exclusive. */
export interface Range {
  readonly from?: string | undefined;
  readonly before?: string | undefined;
}

/** A position in a query's results: behind which document, in which of the query's scans. */
export interface Position extends Cursor {
  /** 0 when left out. */
  readonly scan?: number | undefined;
  /** The bounds that the query's first page was read with, where they follow from its time. */
  readonly range?: Range | undefined;
}

type Body = [order: string, key: string, scan?: number, from?: string | null, before?: string];

const TAG_BYTES = 12;
/** More than an index entry and a range can take. */
const MAX_TOKEN_LENGTH = 8_192;

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
  seal(query: string, position: Position): string {
    const body = Buffer.from(JSON.stringify(bodyOf(position)));
    return Buffer.concat([this.#tag(query, body), body]).toString('base64url');
  }

  /** Undefined when the token was not sealed here for this query. */
  open(query: string, token: string): Position | undefined {
    if (token.length > MAX_TOKEN_LENGTH) return undefined;
    const bytes = Buffer.from(token, 'base64url');
    // Node ignores what is not base64url: only the one spelling is taken.
    if (bytes.length <= TAG_BYTES || bytes.toString('base64url') !== token) return undefined;
    const body = bytes.subarray(TAG_BYTES);
    if (!timingSafeEqual(bytes.subarray(0, TAG_BYTES), this.#tag(query, body))) return undefined;
    return positionOf(JSON.parse(body.toString()) as Body);
  }

  #tag(query: string, body: Uint8Array): Buffer {
    const mac = createHmac('sha256', this.#secret);
    mac.update(String(query.length)).update(':').update(query).update(body);
    return mac.digest().subarray(0, TAG_BYTES);
  }
}

function bodyOf({ order, key, scan, range }: Position): Body {
  if (range) return [order, key, scan ?? 0, range.from ?? null, ...listed(range.before)];
  return [order, key, ...listed(scan || undefined)];
}

function positionOf([order, key, scan, from, before]: Body): Position {
  return {
    order,
    key,
    ...(scan !== undefined && { scan }),
    ...(from !== undefined && { range: { from: from ?? undefined, before } }),
  };
}

function listed<T>(value: T | undefined): [] | [T] {
  return value === undefined ? [] : [value];
}

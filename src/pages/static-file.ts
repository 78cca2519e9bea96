import type { IncomingMessage } from 'node:http';
import type { Answer } from '../http/answer.ts';
import { matchedTag } from '../http/conditions.ts';
import { type Encoding, encodingOf } from '../http/encoding.ts';

/** How a file is served. */
export interface FileDescription {
  readonly path: string;
  readonly type:
    | 'application/json'
    | 'image/svg+xml'
    | 'image/x-icon'
    | 'text/css'
    | 'text/html'
    | 'text/javascript';
  /** The value of `Content-Security-Policy`. */
  readonly policy: string;
  /** Whether the path changes with the content, so that a copy is never asked for again. */
  readonly immutable: boolean;
}

/** The same content as `identity`, and in each coding that is shorter. */
export type EncodedContent = ReadonlyMap<Encoding, Buffer>;

/** An encoded content that is read when it is first served. */
export interface LateContent {
  readonly encodings: readonly Encoding[];
  read(encoding: Encoding): Buffer;
}

/** For what is no page, and so loads nothing. */
export const NOTHING_ALLOWED = "default-src 'none'; frame-ancestors 'none'";

const CACHED = { immutable: 'public, max-age=31536000, immutable', revalidated: 'no-cache' };
const IS_TEXT = /^text\/|json$/;

interface Variant {
  readonly whole: Answer;
  readonly unchanged: Answer;
  readonly etag: string;
}

/** A file that is served as it is. All answers share its bytes: an unread one holds no copy. */
export class StaticFile {
  readonly path: string;
  readonly type: FileDescription['type'];
  readonly #description: FileDescription;
  readonly #digest: string;
  readonly #content: LateContent;
  readonly #variants = new Map<Encoding, Variant>();

  /** @param digest identifies the content */
  constructor(description: FileDescription, digest: string, content: LateContent) {
    this.path = description.path;
    this.type = description.type;
    this.#description = description;
    this.#digest = digest;
    this.#content = content;
  }

  answer({ headers }: IncomingMessage): Answer {
    const { encodings } = this.#content;
    const variant = this.#variant(
      encodingOf(headers['accept-encoding'], (it) => encodings.includes(it)),
    );
    return matchedTag(headers['if-none-match'], variant.etag) ? variant.unchanged : variant.whole;
  }

  #variant(encoding: Encoding): Variant {
    const known = this.#variants.get(encoding);
    if (known) return known;
    const body = this.#content.read(encoding);
    const variant = variantOf(this.#description, this.#digest, encoding, body);
    this.#variants.set(encoding, variant);
    return variant;
  }
}

function variantOf(
  { type, policy, immutable }: FileDescription,
  digest: string,
  encoding: Encoding,
  body: Buffer,
): Variant {
  const etag = encoding === 'identity' ? `"${digest}"` : `"${digest}-${encoding}"`;
  const headers = {
    ETag: etag,
    'Cache-Control': immutable ? CACHED.immutable : CACHED.revalidated,
    // A path that does not change may have another answer for other clients.
    Vary: immutable ? 'Accept-Encoding' : 'Accept, Accept-Encoding',
    'Content-Security-Policy': policy,
    'Content-Type': IS_TEXT.test(type) ? `${type}; charset=utf-8` : type,
    'Referrer-Policy': 'no-referrer',
  };
  const coding = encoding === 'identity' ? {} : { 'Content-Encoding': encoding };
  return {
    etag,
    unchanged: { status: 304, headers },
    whole: { status: 200, headers: { ...headers, ...coding }, body, shared: true },
  };
}

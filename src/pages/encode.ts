import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Encoding } from '../http/encoding.ts';
import type { EncodedContent } from './static-file.ts';

/** The last two levels save a tenth of the bytes for fifteen times the time. */
const BROTLI_LEVEL = 9;
const BROTLI_LEVEL_OF_SHORT = 11;
/** In bytes. Shorter contents are compressed as far as possible within a second. */
const SHORT = 500_000;
const BROTLI_WINDOW_BITS = 24;
const GZIP_LEVEL = 9;
const DIGEST_LENGTH = 32;

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/** Identifies a content: the first half of its SHA-256 in hex. */
export function digestOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, DIGEST_LENGTH);
}

/** Compresses a content in each coding; leaves out those that do not shorten it. */
export async function encoded(identity: Buffer): Promise<EncodedContent> {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]:
      identity.length < SHORT ? BROTLI_LEVEL_OF_SHORT : BROTLI_LEVEL,
    [constants.BROTLI_PARAM_LGWIN]: BROTLI_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: identity.length,
  };
  const [br, gz] = await Promise.all([
    brotli(identity, { params }),
    gzipped(identity, { level: GZIP_LEVEL }),
  ]);
  const shorter = ([, bytes]: readonly [Encoding, Buffer]) => bytes.length < identity.length;
  const others = [['gzip', gz] as const, ['br', br] as const].filter(shorter);
  return new Map<Encoding, Buffer>([['identity', identity], ...others]);
}

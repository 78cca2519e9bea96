import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { MaybePromise } from '../store/bounds.ts';
import type { Answer } from './answer.ts';
import { codedTag } from './conditions.ts';
import { type Encoding, encodingOf } from './encoding.ts';

/** A shorter body is not worth the time. */
const MIN_BYTES = 4_096;
/** Fast levels: the slower ones save a few percent for several times the work. */
const GZIP_LEVEL = 4;
const BROTLI_QUALITY = 4;

type Coded = Exclude<Encoding, 'identity'>;

/** Compresses a text outside of the event loop. */
const COMPRESS: Readonly<Record<Coded, (body: string | Buffer) => Promise<Buffer>>> = {
  gzip: (body) => promisify(gzip)(body, { level: GZIP_LEVEL }),
  br: (body) =>
    promisify(brotliCompress)(body, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
      },
    }),
};

/** A body that is kept to be sent again is compressed once. */
const compressedBodies = new WeakMap<Buffer, Partial<Record<Coded, Buffer>>>();

/**
 * The answer in the coding that the client prefers. Answers that may hold a secret (`no-store`),
 * that are short, or that are compressed already stay as they are.
 */
export function compressed(request: IncomingMessage, answer: Answer): MaybePromise<Answer> {
  const { body, headers, status } = answer;
  if (status !== 200 || body === undefined || body.length < MIN_BYTES) return answer;
  if (headers['Content-Encoding'] !== undefined || headers['Cache-Control'] === 'no-store') {
    return answer;
  }
  const encoding = encodingOf(request.headers['accept-encoding']);
  if (encoding === 'identity') return { ...answer, headers: varying(headers) };
  const made = typeof body === 'string' ? undefined : compressedBodies.get(body)?.[encoding];
  if (made) return coded(answer, encoding, made);
  return COMPRESS[encoding](body).then((bytes) => {
    if (typeof body !== 'string') {
      compressedBodies.set(body, { ...compressedBodies.get(body), [encoding]: bytes });
    }
    return coded(answer, encoding, bytes);
  });
}

function coded(answer: Answer, encoding: Coded, body: Buffer): Answer {
  const headers = varying(answer.headers);
  headers['Content-Encoding'] = encoding;
  // Another representation has another strong tag (RFC 9110, section 8.8.3.3).
  if (headers.ETag !== undefined) headers.ETag = codedTag(headers.ETag, encoding);
  return { ...answer, headers, body };
}

function varying(headers: Answer['headers']): Record<string, string> {
  const fields = new Set(headers.Vary?.split(', '));
  return { ...headers, Vary: [...fields.add('Accept-Encoding')].join(', ') };
}

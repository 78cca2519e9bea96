import type { IncomingMessage } from 'node:http';
import { DomainError } from '../src/domain/errors.ts';

export const BODY_BYTES_AT_MOST = 1024 * 1024;

/**
 * The whole body, bounded by its declared and by its counted length.
 *
 * @throws DomainError `request.too_large`, `request.malformed` when it breaks off or is not UTF-8
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > BODY_BYTES_AT_MOST) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > BODY_BYTES_AT_MOST) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError('request.malformed', 'the body broke off');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new DomainError('request.malformed', 'the body is not UTF-8');
  }
}

/**
 * A JSON body's value; undefined for an empty one.
 *
 * @throws DomainError `request.media_type`, `request.too_large`, `request.malformed`
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  assertMediaType(request.headers['content-type'], isJson, 'application/json');
  const text = await readBody(request);
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new DomainError('request.malformed', `the body is not JSON: ${(error as Error).message}`);
  }
}

function isJson(type: string): boolean {
  return type === 'application/json' || type.endsWith('+json');
}

/** A body without a media type is taken as what is expected. */
function assertMediaType(
  header: string | undefined,
  accepts: (type: string) => boolean,
  expected: string,
): void {
  const type = header?.split(';')[0]?.trim().toLowerCase();
  if (type === undefined || type === '' || accepts(type)) return;
  throw new DomainError('request.media_type', `send the body as ${expected}, not as ${type}`);
}

function tooLarge(): DomainError {
  return new DomainError(
    'request.too_large',
    `a body may take ${BODY_BYTES_AT_MOST} bytes at the most`,
  );
}

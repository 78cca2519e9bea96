import type { IncomingMessage } from 'node:http';
import { DomainError } from '../domain/errors.ts';
import { firstExcess } from '../domain/json-bounds.ts';
import { parseYaml } from './yaml.ts';

export const MAX_BODY_BYTES = 1024 * 1024;
/** What reads a body may go down into it level by level. */
const MAX_LEVELS = 100;

/**
 * The whole body, bounded by its declared and by its counted length.
 *
 * @throws DomainError `request.too_large`, `request.malformed` when it breaks off or is not UTF-8
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > MAX_BODY_BYTES) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) throw tooLarge();
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

/** What a body holds. */
export interface RequestBody {
  /** Undefined for an empty one. */
  readonly value: unknown;
  /** Where in the text a path of the value stands, where that can be told. */
  placeOf?(path: string): string | undefined;
}

/** @throws DomainError `request.media_type`, `request.too_large`, `request.malformed` */
export async function readJson(request: IncomingMessage): Promise<RequestBody> {
  assertMediaType(request, isJson, 'application/json');
  return parseJson(await readBody(request));
}

/**
 * A YAML body, or a JSON one where it says that it is.
 *
 * @throws DomainError `request.media_type`, `request.too_large`, `request.malformed`
 */
export async function readYaml(request: IncomingMessage): Promise<RequestBody> {
  const type = mediaType(request);
  if (isJson(type)) return readJson(request);
  assertMediaType(request, isYaml, 'application/yaml or application/json');
  const text = await readBody(request);
  return text.trim() === '' ? { value: undefined } : parseYaml(text);
}

function parseJson(text: string): RequestBody {
  if (text.trim() === '') return { value: undefined };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DomainError('request.malformed', `the body is not JSON: ${(error as Error).message}`);
  }
  if (firstExcess(value, { maxLevels: MAX_LEVELS })) {
    throw new DomainError('request.malformed', `the body nests deeper than ${MAX_LEVELS} levels`);
  }
  return { value };
}

function isJson(type: string): boolean {
  return type === 'application/json' || type.endsWith('+json');
}

const YAML_TYPES = ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml'];

function isYaml(type: string): boolean {
  return YAML_TYPES.includes(type) || type.endsWith('+yaml');
}

function mediaType(request: IncomingMessage): string {
  return request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
}

/** A body without a media type is taken as what is expected. */
function assertMediaType(
  request: IncomingMessage,
  accepts: (type: string) => boolean,
  expected: string,
): void {
  const type = mediaType(request);
  const [, charset] = /;\s*charset="?([^\s;"]+)/i.exec(request.headers['content-type'] ?? '') ?? [];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw new DomainError('request.media_type', `send the body as UTF-8, not as ${charset}`);
  }
  if (type === '' || accepts(type)) return;
  throw new DomainError('request.media_type', `send the body as ${expected}, not as ${type}`);
}

function tooLarge(): DomainError {
  return new DomainError(
    'request.too_large',
    `a body may take ${MAX_BODY_BYTES} bytes at the most`,
  );
}

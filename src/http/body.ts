import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { DomainError } from '../domain/errors.ts';
import { firstExcess } from '../domain/json-bounds.ts';
import type { ByteBudget } from './byte-budget.ts';
import { parseYaml } from './yaml.ts';

export const MAX_BODY_BYTES = 1024 * 1024;
const BYTE_ORDER_MARK = '\uFEFF';
/** What reads a body may go down into it level by level. */
const MAX_LEVELS = 100;

/**
 * The whole body, bounded by its declared and by its counted length.
 *
 * @param budget bounds the bytes of all bodies that are being read
 * @throws DomainError `request.too_large`, `server.busy`, `request.malformed` when it breaks off
 *   or is not UTF-8
 */
export async function readBody(
  request: IncomingMessage,
  budget: ByteBudget,
  maxBytes: number = MAX_BODY_BYTES,
): Promise<string> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > maxBytes) throw tooLarge(maxBytes);
  const bytes = await chunksOf(request, budget, maxBytes);
  if (!isUtf8(bytes)) throw new DomainError('request.malformed', 'the body is not UTF-8');
  const text = bytes.toString('utf8');
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

/** By events: an iterator costs a promise for each chunk. */
function chunksOf(request: IncomingMessage, budget: ByteBudget, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let over = false;
    const end = () => {
      over = true;
      budget.give(length);
    };
    const fail = (error: unknown) => {
      request.pause();
      end();
      reject(error);
    };
    request.on('data', (chunk: Buffer) => {
      if (over) return;
      try {
        if (length + chunk.length > maxBytes) throw tooLarge(maxBytes);
        budget.take(chunk.length);
      } catch (error) {
        fail(error);
        return;
      }
      length += chunk.length;
      chunks.push(chunk);
    });
    request.once('end', () => {
      if (over) return;
      end();
      const [only] = chunks;
      resolve(only && chunks.length === 1 ? only : Buffer.concat(chunks));
    });
    const brokeOff = () => {
      // Also called after the end of each body: an error costs more than the rest.
      if (!over) fail(new DomainError('request.malformed', 'the body broke off'));
    };
    request.once('error', brokeOff);
    request.once('close', brokeOff);
  });
}

/** What a body holds. */
export interface RequestBody {
  /** Undefined for an empty one. */
  readonly value: unknown;
  /** Where in the text a path of the value stands, where that can be told. */
  placeOf?(path: string): string | undefined;
}

/** A request whose body can be read. */
export interface Readable {
  readonly request: IncomingMessage;
  /** @throws as `readBody` */
  readText(): Promise<string>;
}

/** @throws DomainError `request.media_type`, `request.too_large`, `request.malformed` */
export async function readJson(from: Readable): Promise<RequestBody> {
  assertMediaType(from.request, isJson, 'application/json');
  return parseJson(await from.readText());
}

/**
 * A YAML body, or a JSON one where it says that it is.
 *
 * @throws DomainError `request.media_type`, `request.too_large`, `request.malformed`
 */
export async function readYaml(from: Readable): Promise<RequestBody> {
  if (isJson(mediaType(from.request))) return readJson(from);
  assertMediaType(from.request, isYaml, 'application/yaml or application/json');
  const text = await from.readText();
  return text.trim() === '' ? { value: undefined } : parseYaml(text);
}

/** @throws DomainError `request.malformed` */
export function parseJson(text: string): RequestBody {
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

/** Whether the request says that its body is JSON, in UTF-8. */
export function declaresJson(request: IncomingMessage): boolean {
  return /^application\/json *(?:; *charset="?utf-?8"? *)?$/i.test(
    request.headers['content-type'] ?? '',
  );
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

function tooLarge(maxBytes: number): DomainError {
  return new DomainError('request.too_large', `a body may have at most ${maxBytes} bytes`);
}

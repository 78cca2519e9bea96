import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { DomainError } from '../domain/errors.ts';
import type { ByteBudget } from './byte-budget.ts';
import { excessOfText, type JsonTextBounds } from './json-bounds.ts';
import { parseYaml } from './yaml.ts';

export const MAX_BODY_BYTES = 1024 * 1024;
const BYTE_ORDER_MARK = '\uFEFF';
/** An agent's lists have at most 200 items, and a definition has at most 10,000 items in all. */
export const BODY_BOUNDS: JsonTextBounds = { maxLevels: 100, maxValues: 50_000, maxItems: 1_000 };

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
    const give = () => {
      budget.give(length);
      length = 0;
    };
    const fail = (error: DomainError) => {
      request.pause();
      give();
      reject(error);
    };
    request.on('data', (chunk: Buffer) => {
      try {
        budget.take(chunk.length);
      } catch (error) {
        fail(error as DomainError);
        return;
      }
      length += chunk.length;
      chunks.push(chunk);
      if (length > maxBytes) fail(tooLarge(maxBytes));
    });
    request.once('end', () => {
      give();
      const [only] = chunks;
      resolve(only && chunks.length === 1 ? only : Buffer.concat(chunks));
    });
    const brokeOff = () => fail(new DomainError('request.malformed', 'the body broke off'));
    request.once('error', brokeOff);
    // Also comes after the end, when it changes nothing.
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
  readText(maxBytes?: number): Promise<string>;
}

/** @throws as `readJsonText`, `parseJson` */
export async function readJson(from: Readable): Promise<RequestBody> {
  return parseJson(await readJsonText(from));
}

/**
 * The text of a body that must be JSON.
 *
 * @throws DomainError `request.media_type`, and as `readBody`
 */
export async function readJsonText(from: Readable, maxBytes?: number): Promise<string> {
  assertMediaType(from.request, isJson, 'application/json');
  return from.readText(maxBytes);
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

/** @throws DomainError `request.malformed`, `request.too_complex` */
export function parseJson(text: string): RequestBody {
  if (text.trim() === '') return { value: undefined };
  const excess = excessOfText(text, BODY_BOUNDS);
  if (excess) throw excessive(excess);
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    throw new DomainError('request.malformed', `the body is not JSON: ${(error as Error).message}`);
  }
}

/** The refusal of a body that exceeds a bound. */
export function excessive(bound: keyof JsonTextBounds): DomainError {
  const { maxLevels, maxValues, maxItems } = BODY_BOUNDS;
  const messages: Record<keyof JsonTextBounds, string> = {
    maxLevels: `the body nests deeper than ${maxLevels} levels`,
    maxValues: `a body may hold at most ${maxValues} values`,
    maxItems: `a list or an object of a body may hold at most ${maxItems} items`,
  };
  const code = bound === 'maxLevels' ? 'request.malformed' : 'request.too_complex';
  return new DomainError(code, messages[bound]);
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

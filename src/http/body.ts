import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { DomainError } from '../domain/errors.ts';
import { parseJsonText } from '../domain/json-text.ts';
import type { ByteBudget } from './byte-budget.ts';

export const MAX_BODY_BYTES = 1024 * 1024;
const BYTE_ORDER_MARK = '\uFEFF';
/**
 * The whole body, bounded by its declared and by its counted length.
 *
 * @param budget bounds the bytes of all bodies that are being read
 * @throws DomainError `request.too_large`, `server.busy`, `request.malformed` when it ends
 *   early or is not UTF-8
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
 * The text of a body that is YAML, or JSON if its media type says so.
 *
 * @throws as `readJson`; the syntax of YAML is not checked
 */
export async function readDocument(from: Readable): Promise<string> {
  if (!isJson(mediaType(from.request))) {
    assertMediaType(from.request, isYaml, 'application/yaml or application/json');
    return from.readText();
  }
  const text = await readJsonText(from);
  parseJson(text);
  return text;
}

/** @throws DomainError `request.malformed`, `request.too_complex` */
export function parseJson(text: string): RequestBody {
  if (text.trim() === '') return { value: undefined };
  return { value: parseJsonText(text) };
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

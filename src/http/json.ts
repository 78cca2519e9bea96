import { DomainError } from '../domain/errors.ts';
import type { MaybePromise } from '../store/bounds.ts';
import type { Work } from '../work.ts';
import type { ByteBudget } from './byte-budget.ts';

/** UTF-16 units of what is written in one piece: some milliseconds of work. */
const PIECE_LENGTH = 512 * 1024;

export interface JsonLimits {
  readonly maxBytes: number;
  /** Bounds the bytes of all answers that are being written. */
  readonly budget: ByteBudget;
  /** Lets others have the event loop between pieces. */
  readonly work: Pick<Work, 'inTurn'>;
}

/**
 * A value as JSON, as `JSON.stringify` writes it: a large one in pieces, with turns for others
 * between them.
 *
 * @throws DomainError `request.too_complex` when it is longer than `maxBytes`, `server.busy`
 */
export function jsonText(value: unknown, limits: JsonLimits): MaybePromise<string | Buffer> {
  const length = leastLength(value, Math.max(PIECE_LENGTH, limits.maxBytes));
  if (length > limits.maxBytes) throw tooLong(limits.maxBytes);
  if (length > PIECE_LENGTH) return inPieces(value, limits);
  const text = JSON.stringify(value);
  // At most three bytes of UTF-8 for each unit.
  const isShort = text.length * 3 <= limits.maxBytes;
  if (!isShort && Buffer.byteLength(text) > limits.maxBytes) throw tooLong(limits.maxBytes);
  return text;
}

/**
 * At least so many UTF-16 units has the value as JSON, and not many more unless it has to be
 * escaped. It is counted no further than `enough`: a value that repeats a long text is short in
 * memory, and long when it is written.
 */
export function leastLength(value: unknown, enough: number): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 4;
  let length = 2;
  for (const key in value) {
    const inner = (value as Record<string, unknown>)[key];
    length += key.length + leastLength(inner, enough - length);
    if (length > enough) break;
  }
  return length;
}

export function tooLong(maxBytes: number): DomainError {
  return new DomainError(
    'request.too_complex',
    `an answer may have at most ${maxBytes} bytes; ask for less at once (what a mutation changed stays changed)`,
  );
}

async function inPieces(value: unknown, { maxBytes, budget, work }: JsonLimits): Promise<Buffer> {
  const written: Buffer[] = [];
  let bytes = 0;
  const write = (text: string) => {
    const piece = Buffer.from(text);
    budget.take(piece.length);
    written.push(piece);
    bytes += piece.length;
    if (bytes > maxBytes) throw tooLong(maxBytes);
  };
  try {
    let text = '';
    const pieces = piecesOf(value);
    for (let next = pieces.next(); !next.done; next = await work.inTurn(() => pieces.next())) {
      text += next.value;
      if (text.length < PIECE_LENGTH) continue;
      write(text);
      text = '';
    }
    write(text);
    return Buffer.concat(written, bytes);
  } finally {
    budget.give(bytes);
  }
}

function* piecesOf(value: unknown): Generator<string> {
  if (!isContainer(value) || leastLength(value, PIECE_LENGTH) <= PIECE_LENGTH) {
    yield JSON.stringify(value) ?? 'null';
    return;
  }
  const isList = Array.isArray(value);
  let before = isList ? '[' : '{';
  for (const key of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[key];
    if (inner === undefined && !isList) continue;
    yield isList ? before : `${before}${JSON.stringify(key)}:`;
    before = ',';
    yield* piecesOf(inner);
  }
  if (before !== ',') yield before;
  yield isList ? ']' : '}';
}

/** Whether it is written as its fields: an error, for one, writes itself. */
function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !('toJSON' in value);
}

import { type DomainError, invalid } from '../domain/errors.ts';

/** A position between two lines of a file. */
export interface Place {
  /** Bytes before it. */
  readonly offset: number;
  /** Lines before it. */
  readonly line: number;
}

export interface Line {
  readonly text: string;
  /** The place after it. */
  readonly end: Place;
}

const MAX_LINE_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;
/** Skips the byte order mark that some programs write. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Yields the non-blank lines after a place. The last line may lack its newline.
 *
 * @throws DomainError `request.invalid` if a line is too long or is not UTF-8
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>, from: Place): AsyncGenerator<Line> {
  let { offset, line } = from;
  let rest: Buffer = Buffer.alloc(0);
  const lineOf = (bytes: Buffer, length: number): Line[] => {
    offset += length;
    line += 1;
    const text = textOf(bytes, line);
    return text.trim() === '' ? [] : [{ text, end: { offset, line } }];
  };
  for await (const chunk of chunks) {
    let bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE)) {
      yield* lineOf(bytes.subarray(0, at), at + 1);
      bytes = bytes.subarray(at + 1);
    }
    if (bytes.length > MAX_LINE_BYTES) throw unreadable(line + 1, 'is too long');
    rest = bytes;
  }
  if (rest.length > 0) yield* lineOf(rest, rest.length);
}

function textOf(bytes: Buffer, line: number): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw unreadable(line, 'is not UTF-8');
  }
}

function unreadable(line: number, message: string): DomainError {
  return invalid([{ path: `line ${line}`, message }]);
}

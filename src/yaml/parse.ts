import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
  visit,
} from 'yaml';
import { BODY_BOUNDS, excessiveBody } from '../domain/body-bounds.ts';
import { DomainError, invalid, pathText } from '../domain/errors.ts';
import { firstExcess } from '../domain/json-bounds.ts';

/** Bounds the work: what is parsed from a token may take time in their square. */
const MAX_TOKENS = 200_000;
const MAX_ALIASES = 100;
/** UTF-16 units of all texts together: an alias can repeat a long one. */
const MAX_TEXT_LENGTH = 4 * 1024 * 1024;

/** A YAML text, parsed. */
interface ParsedYaml {
  readonly value: unknown;
  /** Where a path, or the nearest value around it, is in the text: `line 3, column 5`. */
  placeOf(path: string): string | undefined;
}

/**
 * Reads one YAML 1.2 document that says nothing but data: no tags beyond those
 * of JSON's types, no repeated keys, few aliases.
 *
 * @throws DomainError `request.malformed`, naming line and column, `request.too_complex`,
 *   `request.invalid` on a number that is not finite
 */
export function parseYaml(text: string): ParsedYaml {
  assertFewTokens(text);
  const lines = new LineCounter();
  const place = (offset: number) => placeText(lines, offset);
  const document = composed(text, lines, place);
  assertPlain(document, place);
  const value = plainValue(document);
  const placeOf = (path: string) => {
    const offset = offsetOf(document, path);
    return offset === undefined ? undefined : place(offset);
  };
  assertBounded(value, placeOf);
  return { value, placeOf };
}

type PlaceOfOffset = (offset: number) => string;

function composed(text: string, lines: LineCounter, place: PlaceOfOffset): Document {
  const composer = new Composer({
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    // Compares each key with each other; `assertPlain` does it in one pass.
    uniqueKeys: false,
    logLevel: 'silent',
  });
  // The library gathers every problem, and a hostile text has one for each
  // character: the first ends it here. It may come back as the cause of others.
  let first: DomainError | undefined;
  Object.assign(composer, {
    onError(source: ProblemSource, _code: string, message: string) {
      first ??= malformed(message, place(offsetIn(source)));
      throw first;
    },
  });
  const tokens = new Parser(lines.addNewLine).parse(text);
  const [document, another] = atMostTwo(composer.compose(tokens, true, text.length));
  if (!document) throw malformed('there is nothing in it');
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw malformed(problem.message, place(problem.pos[0]));
  if (another) throw malformed('there is more than one document', place(another.range[0]));
  return document;
}

/** How the library says where a problem is. */
type ProblemSource = number | readonly [number, number] | { readonly offset: number };

function offsetIn(source: ProblemSource): number {
  if (typeof source === 'number') return source;
  return 'offset' in source ? source.offset : source[0];
}

function atMostTwo<T>(items: Iterable<T>): T[] {
  const two: T[] = [];
  for (const item of items) {
    two.push(item);
    if (two.length === 2) break;
  }
  return two;
}

function assertFewTokens(text: string): void {
  let tokens = 0;
  for (const _ of new Lexer().lex(text)) {
    tokens += 1;
    if (tokens > MAX_TOKENS) {
      throw new DomainError('request.malformed', `the YAML has over ${MAX_TOKENS} tokens`);
    }
  }
}

function assertPlain(document: Document, place: PlaceOfOffset): void {
  let aliases = 0;
  const at = (node: unknown) => place((node as Node | null)?.range?.[0] ?? 0);
  visit(document, {
    Alias(_, alias) {
      aliases += 1;
      if (aliases > MAX_ALIASES) {
        throw malformed(`there are over ${MAX_ALIASES} aliases`, at(alias));
      }
    },
    Map(_, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) throw malformed('a key must be a text', at(key));
        const name = String(key.value);
        if (seen.has(name)) throw malformed(`the key '${name}' is repeated`, at(key));
        seen.add(name);
      }
    },
  });
}

function plainValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    // An alias without an anchor, or aliases of aliases that grow without bound.
    if (error instanceof ReferenceError) throw malformed(error.message);
    throw error;
  }
}

const { maxLevels, maxValues, maxListLength } = BODY_BOUNDS;

/** As `excessOfText` checks a JSON body; and a number must be one that JSON has. */
function assertBounded(value: unknown, placeOf: ParsedYaml['placeOf']): void {
  if (firstExcess(value, { maxLevels })) throw excessiveBody('maxLevels');
  if (firstExcess(value, { maxValues })) throw excessiveBody('maxValues');
  if (firstExcess(value, { maxListLength })) throw excessiveBody('maxListLength');
  let length = 0;
  const measure = (part: unknown, path: readonly (string | number)[]): void => {
    if (typeof part === 'string') length += part.length;
    if (length > MAX_TEXT_LENGTH) {
      throw new DomainError('request.too_complex', 'the aliases of the YAML repeat too much text');
    }
    if (typeof part === 'number' && !Number.isFinite(part)) {
      const at = pathText(path);
      throw invalid([{ path: at, message: `must be a finite number (${placeOf(at)})` }]);
    }
    if (Array.isArray(part)) {
      for (const [i, item] of part.entries()) measure(item, [...path, i]);
    } else if (typeof part === 'object' && part !== null) {
      for (const [name, field] of Object.entries(part)) measure(field, [...path, name]);
    }
  };
  measure(value, []);
}

function offsetOf(document: Document, path: string): number | undefined {
  let node: unknown = document.contents;
  let offset = (node as Node | null)?.range?.[0];
  for (const [, name, index] of path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)) {
    if (isSeq(node) && index !== undefined) {
      node = node.items[Number(index)];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    } else if (isMap(node) && name !== undefined) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === name);
      node = pair?.value;
      offset = (pair?.key as Node | undefined)?.range?.[0] ?? offset;
    } else return offset;
    if (node === undefined || isAlias(node)) return offset;
  }
  return offset;
}

function placeText(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `line ${line}, column ${col}`;
}

function malformed(message: string, place?: string): DomainError {
  const where = place ? ` at ${place}` : '';
  return new DomainError(
    'request.malformed',
    `the body is not the YAML that is taken here: ${message}${where}`,
  );
}

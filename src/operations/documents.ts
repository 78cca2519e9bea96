import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Lexer,
  OperationTypeNode,
  parse,
  Source,
  TokenKind,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { literalRefusal, VALIDATION_RULES } from '../../schema/literals.ts';
import { DomainError } from '../domain/errors.ts';
import { countSelections } from './document-bounds.ts';
import { documentHash } from './operation-note.ts';

/** Syntax tokens of a document; GraphiQL's introspection has some 300. */
const MAX_TOKENS = 4_000;
/** Characters of a document. */
const MAX_LENGTH = 50_000;
/** Selections, lists and objects, one in the other. */
const MAX_LEVELS = 200;
const MAX_VALIDATION_ERRORS = 20;
const OPENING: ReadonlySet<string> = new Set([
  TokenKind.BRACE_L,
  TokenKind.BRACKET_L,
  TokenKind.PAREN_L,
]);
const CLOSING: ReadonlySet<string> = new Set([
  TokenKind.BRACE_R,
  TokenKind.BRACKET_R,
  TokenKind.PAREN_R,
]);
/** Characters of all the documents that are kept: a parsed one takes some fifty times as much. */
const MAX_KEPT_LENGTH = 1_000_000;

/** A document that was read and validated, or what is wrong with it. */
export type Prepared =
  | { readonly document: DocumentNode; readonly hash: string; readonly errors?: undefined }
  | { readonly document?: undefined; readonly errors: readonly GraphQLError[] };

/**
 * Reads and validates clients' documents. Both cost more than executing one, so the outcome is
 * kept, bounded by length, for anybody may send documents.
 */
export class Documents {
  readonly #schema: GraphQLSchema;
  readonly #refuse: (error: unknown) => GraphQLError;
  readonly #kept = new LRUCache<string, Prepared>({
    maxSize: MAX_KEPT_LENGTH,
    sizeCalculation: (_, text) => text.length + 100,
  });

  /** @param refuse makes an answer's error of a refusal */
  constructor(schema: GraphQLSchema, refuse: (error: unknown) => GraphQLError) {
    this.#schema = schema;
    this.#refuse = refuse;
  }

  prepare(text: string): Prepared {
    const kept = this.#kept.get(text);
    if (kept) return kept;
    const prepared = this.#prepare(text);
    if (text.length <= MAX_LENGTH) this.#kept.set(text, prepared);
    return prepared;
  }

  #prepare(text: string): Prepared {
    try {
      const document = parseBounded(text);
      countSelections(document);
      const errors = this.#validate(document);
      return errors.length > 0 ? { errors } : { document, hash: documentHash(text) };
    } catch (error) {
      return { errors: [this.#refuse(error)] };
    }
  }

  /** What is wrong with a document, coded and with its places. */
  #validate(document: DocumentNode): readonly GraphQLError[] {
    return validate(this.#schema, document, VALIDATION_RULES, {
      maxErrors: MAX_VALIDATION_ERRORS,
    }).map((error) => this.#refuse(literalRefusal(document, error)));
  }
}

/**
 * Parses a document of bounded length, tokens and depth.
 *
 * @throws DomainError `request.too_complex`, GraphQLError on a syntax error
 */
function parseBounded(text: string): DocumentNode {
  if (text.length > MAX_LENGTH) {
    throw tooComplex(`a document may have at most ${MAX_LENGTH} characters`);
  }
  assertShallow(text);
  return parse(text, { maxTokens: MAX_TOKENS });
}

/** Refuses a document before reading it, level by level, would run out of stack. */
function assertShallow(text: string): void {
  const lexer = new Lexer(new Source(text));
  let level = 0;
  try {
    for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
      if (OPENING.has(token.kind)) level += 1;
      if (CLOSING.has(token.kind)) level -= 1;
      if (level > MAX_LEVELS) throw tooComplex(`a document may nest at most ${MAX_LEVELS} levels`);
    }
  } catch (error) {
    // The parser reports it too, as what it is.
    if (!(error instanceof GraphQLError)) throw error;
  }
}

function tooComplex(message: string): DomainError {
  return new DomainError('request.too_complex', message);
}

/** Undefined when the document has no such operation, or several and none is named. */
export function kindOf(
  document: DocumentNode,
  operationName: string | null | undefined,
): OperationTypeNode | undefined {
  return getOperationAST(document, operationName)?.operation;
}

export const { QUERY, MUTATION, SUBSCRIPTION } = OperationTypeNode;

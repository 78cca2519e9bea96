import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  Lexer,
  parse,
  Source,
  TokenKind,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import { variableProblems } from '../../schema/input.ts';
import { literalRefusal } from '../../schema/literals.ts';
import { DomainError, invalid } from '../domain/errors.ts';
import type { CompiledDocuments } from './compiled.ts';
import { type Asked, tooCostly, tooLong } from './cost.ts';

/** Syntax tokens of a document; GraphiQL's introspection has some 300. */
const MAX_TOKENS = 4_000;
/** Characters of a document. */
const MAX_LENGTH = 50_000;
/** Selections, lists and objects, one in the other. */
const MAX_LEVELS = 200;
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
/** How many parsed documents are kept, and how many that could not be parsed. */
const DOCUMENTS_KEPT = 100;

/**
 * Bounds what a document may cost, codes what is invalid in it, and tells every problem of its variables at
 * once. The operations of the REST routes are ours, and what they are given was checked: they pass.
 *
 * @param refuse makes the answer's error out of the refusal
 */
export function limitsPlugin(
  schema: GraphQLSchema,
  compiled: CompiledDocuments,
  refuse: (error: unknown) => GraphQLError,
): Plugin {
  const refusalOf = (asked: Asked) => {
    const { document, operationName, variableValues } = asked;
    const variables = (variableValues ?? {}) as Record<string, unknown>;
    return (
      problemsOf(variableProblems(schema, document, operationName, variables)) ??
      tooCostly(schema, asked)
    );
  };
  return {
    onParse({ setParseFn }) {
      setParseFn((source: string | Source, options) => {
        const deep = nestsTooDeep(source);
        if (deep) throw refuse(deep);
        return parse(source, { ...options, maxTokens: MAX_TOKENS });
      });
    },
    onValidate({ params: { documentAST } }) {
      return ({ result, setResult }) =>
        setResult(result.map((error) => refuse(literalRefusal(documentAST, error))));
    },
    onExecute({ args, setResultAndStopExecution }) {
      // What a route's operation asks for is known; how long that is follows from what is stored.
      const refused = compiled.has(args.document) ? undefined : refusalOf(args);
      if (refused) {
        setResultAndStopExecution({ errors: [refuse(refused)] });
        return undefined;
      }
      return {
        onExecuteDone({ result, setResult }) {
          const long = tooLong((result as ExecutionResult).data);
          if (long) setResult({ errors: [refuse(long)] });
        },
      };
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const refused = refusalOf(args);
      if (refused) setResultAndStopExecution({ errors: [refuse(refused)] });
    },
  };
}

/**
 * Validating costs more than executing, so what was parsed and validated is
 * kept; bounded, for anybody may send documents.
 */
export function documentCaches() {
  return {
    documentCache: new LRUCache<string, DocumentNode>({ max: DOCUMENTS_KEPT }),
    errorCache: new LRUCache<string, Error>({ max: DOCUMENTS_KEPT }),
  };
}

/**
 * To be called before Yoga sees the document, which keeps it even when it is refused.
 *
 * @throws DomainError `request.too_complex`
 */
export function assertDocumentLength(document: string): void {
  if (document.length <= MAX_LENGTH) return;
  throw new DomainError(
    'request.too_complex',
    `a document may take ${MAX_LENGTH} characters at the most`,
  );
}

/** The refusal of a document that reading it, level by level, would run out of stack. */
function nestsTooDeep(source: string | Source): DomainError | undefined {
  const lexer = new Lexer(typeof source === 'string' ? new Source(source) : source);
  let level = 0;
  try {
    for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
      if (OPENING.has(token.kind)) level += 1;
      if (CLOSING.has(token.kind)) level -= 1;
      if (level <= MAX_LEVELS) continue;
      return new DomainError(
        'request.too_complex',
        `a document may nest ${MAX_LEVELS} levels deep`,
      );
    }
  } catch (error) {
    // Parsing tells it, too, and as what it is.
    if (!(error instanceof GraphQLError)) throw error;
  }
  return undefined;
}

function problemsOf(problems: Parameters<typeof invalid>[0]): DomainError | undefined {
  return problems.length > 0 ? invalid(problems) : undefined;
}

import {
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLError,
  type GraphQLSchema,
  parse,
} from 'graphql';
import {
  type ComplexityEstimator,
  fieldExtensionsEstimator,
  getComplexity,
  simpleEstimator,
} from 'graphql-query-complexity';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import { variableProblems } from '../../schema/input.ts';
import { DomainError, invalid } from '../domain/errors.ts';
import type { CompiledDocuments } from './compiled.ts';

/** Syntax tokens of a document; GraphiQL's introspection has some 300. */
const TOKENS_AT_MOST = 4_000;
/** Characters of a document. */
const LENGTH_AT_MOST = 50_000;
/** How many parsed documents are kept, and how many that could not be parsed. */
const DOCUMENTS_KEPT = 100;
/** Fields of a result, counting a page at its full length. */
export const COMPLEXITY_AT_MOST = 50_000;
const PAGE_LENGTH = 50;

/** A connection costs what its selection costs for every item of the page. */
const pageEstimator: ComplexityEstimator = ({ field, args, childComplexity }) => {
  if (!('first' in args) && !field.args.some(({ name }) => name === 'first')) return undefined;
  return (
    1 +
    Math.max(1, Number(args.first ?? field.extensions.pageLength ?? PAGE_LENGTH)) * childComplexity
  );
};

const estimators = [
  pageEstimator,
  fieldExtensionsEstimator(),
  simpleEstimator({ defaultComplexity: 1 }),
];

/**
 * Bounds what a document may cost, codes what is invalid in it, and tells every problem of its variables at
 * once. The operations of the REST routes are ours and pass the first.
 *
 * @param refuse makes the answer's error out of the refusal
 */
export function limitsPlugin(
  schema: GraphQLSchema,
  compiled: CompiledDocuments,
  refuse: (error: unknown) => GraphQLError,
): Plugin {
  const refusalOf = ({ document, operationName, variableValues }: Asked) => {
    const variables = (variableValues ?? {}) as Record<string, unknown>;
    return (
      problemsOf(variableProblems(schema, document, operationName, variables)) ??
      costOf(() =>
        getComplexity({
          schema,
          query: document,
          variables,
          estimators,
          ...(operationName && { operationName }),
        }),
      )
    );
  };
  return {
    onParse({ setParseFn }) {
      setParseFn((source, options) => parse(source, { ...options, maxTokens: TOKENS_AT_MOST }));
    },
    onValidate() {
      return ({ result, setResult }) => setResult(result.map(refuse));
    },
    onExecute({ args, setResultAndStopExecution }) {
      const refused = compiled.has(args.document) ? undefined : refusalOf(args);
      if (refused) setResultAndStopExecution({ errors: [refuse(refused)] });
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const refused = refusalOf(args);
      if (refused) setResultAndStopExecution({ errors: [refuse(refused)] });
    },
  };
}

type Asked = Pick<ExecutionArgs, 'document' | 'operationName' | 'variableValues'>;

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
  if (document.length <= LENGTH_AT_MOST) return;
  throw new DomainError(
    'request.too_complex',
    `a document may take ${LENGTH_AT_MOST} characters at the most`,
  );
}

function problemsOf(problems: Parameters<typeof invalid>[0]): DomainError | undefined {
  return problems.length > 0 ? invalid(problems) : undefined;
}

function costOf(measure: () => number): DomainError | undefined {
  const cost = measure();
  if (cost <= COMPLEXITY_AT_MOST) return undefined;
  return new DomainError(
    'request.too_complex',
    `the query may come to ${COMPLEXITY_AT_MOST} fields, this one comes to ${cost}; ask for shorter pages`,
  );
}

import type { DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import type { Context } from '../../schema/context.ts';
import type { Translate } from '../../schema/errors.ts';
import { variableProblems } from '../../schema/input.ts';
import { refusal } from '../auth/principal.ts';
import { type DomainError, invalid } from '../domain/errors.ts';
import type { Services } from '../services.ts';
import type { MaybePromise } from '../store/bounds.ts';
import { contextWithin, createContext, type RequestContext } from './context.ts';
import { estimatedFields, tooCostly } from './cost.ts';
import { Documents, type Prepared } from './documents.ts';
import { type Execution, Executor } from './executor.ts';
import { boundFields } from './field-budget.ts';
import { asksForSchemaOnly, Introspection } from './introspection.ts';
import { beginOperationSpan, endedWith } from './operation-span.ts';

/** An operation of a client. */
export interface Asked {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Of the document's text, where it is known. */
  readonly hash?: string;
}

export interface PipelineBounds {
  /** Fields of an answer: estimated before an operation is executed, counted while it is. */
  readonly maxQueryFields: number;
}

const NO_RIGHT = { role: null, scope: null } as const;
/** Enough for a look at a type. The standard introspection is answered for everybody. */
const MAX_ANONYMOUS_COMPLEXITY = 100;

/**
 * The one place where operations are executed, for REST and GraphQL: bounds what they cost and
 * answer, and makes every error one that a caller may see.
 */
export class Pipeline {
  readonly schema: GraphQLSchema;
  readonly documents: Documents;
  readonly executor: Executor;
  readonly introspection: Introspection;
  readonly translate: Translate;
  readonly #services: Services;
  readonly #bounds: PipelineBounds;

  constructor(
    schema: GraphQLSchema,
    services: Services,
    translate: Translate,
    bounds: PipelineBounds,
  ) {
    boundFields(schema);
    this.#bounds = bounds;
    this.schema = schema;
    this.documents = new Documents(schema, (error) => translate(error, undefined));
    this.executor = new Executor(schema);
    this.introspection = new Introspection(schema);
    this.translate = translate;
    this.#services = services;
  }

  context(request: RequestContext): Context {
    return createContext(this.#services, request, this.#bounds.maxQueryFields);
  }

  /** Reads, validates and bounds a client's document. */
  prepare(text: string): Prepared {
    return this.documents.prepare(text);
  }

  /** Executes an operation of the REST routes: what it asks for is known, and its variables were checked. */
  run(
    document: DocumentNode,
    variables: Readonly<Record<string, unknown>>,
    context: Context,
  ): MaybePromise<ExecutionResult> {
    return this.#executed({ document, variables }, context);
  }

  /** Executes a client's operation. */
  execute(asked: Asked, context: Context): MaybePromise<ExecutionResult> {
    const standard = this.introspection.resultOf(asked.document);
    if (standard) return standard;
    const refused = this.refusal(asked, context);
    if (refused) return { errors: [refused] };
    return this.#executed(asked, context);
  }

  /**
   * The refusal of an operation before it is executed: without a token only the schema may be
   * looked at, and the variables are not; the variables have to fit, and the cost is bounded.
   */
  refusal(
    asked: Asked,
    { principal, requestId }: Pick<Context, 'principal' | 'requestId'>,
  ): GraphQLError | undefined {
    const refused = principal ? this.#refusal(asked) : this.#anonymousRefusal(asked);
    return refused && this.translate(refused, requestId);
  }

  /** Fields that a valid operation may ask for. */
  estimateOf({ document, operationName, variables }: Asked): number {
    return estimatedFields(this.schema, { document, operationName, variableValues: variables });
  }

  #refusal({ document, operationName, variables }: Asked): DomainError | undefined {
    const problems = variableProblems(this.schema, document, operationName, variables);
    if (problems.length > 0) return invalid(problems);
    const costed = { document, operationName, variableValues: variables };
    return tooCostly(this.schema, costed, this.#bounds.maxQueryFields);
  }

  #anonymousRefusal(asked: Asked): DomainError | undefined {
    const { document, operationName, variables } = asked;
    if (!asksForSchemaOnly(document)) return refusal(null, undefined, NO_RIGHT);
    const costed = { document, operationName, variableValues: variables };
    return tooCostly(this.schema, costed, MAX_ANONYMOUS_COMPLEXITY) ?? this.#refusal(asked);
  }

  #executed(asked: Asked, context: Context): MaybePromise<ExecutionResult> {
    const { span } = context.work;
    if (!span) return this.#finished(this.#tried({ ...asked, context }), context);
    const operation = beginOperationSpan(span, asked);
    const traced = contextWithin(operation, context, this.#services);
    const result = this.#finished(this.#tried({ ...asked, context: traced }), context);
    if (!(result instanceof Promise)) return endedWith(operation, result);
    return result.then((it) => endedWith(operation, it));
  }

  #tried(execution: Execution): MaybePromise<ExecutionResult> {
    try {
      return this.executor.execute(execution);
    } catch (error) {
      return { errors: [this.translate(error, execution.context.requestId)] };
    }
  }

  #finished(
    result: MaybePromise<ExecutionResult>,
    { requestId }: Context,
  ): MaybePromise<ExecutionResult> {
    return result instanceof Promise
      ? result.then((it) => this.sendable(it, requestId))
      : this.sendable(result, requestId);
  }

  /** The result with its errors translated. */
  sendable(result: ExecutionResult, requestId: string): ExecutionResult {
    const { errors } = result;
    if (!errors) return result;
    return { ...result, errors: errors.map((error) => this.translate(error, requestId)) };
  }
}

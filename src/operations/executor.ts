import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Context } from '../../schema/context.ts';
import type { MaybePromise } from '../store/bounds.ts';
import { countSelections } from './document-bounds.ts';

/** What an operation is executed with. */
export interface Execution {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: Context;
}

type Compiled = Pick<CompiledQuery, 'query'> | 'unsuitable';

/** A client's document is compiled once it has been executed so often. */
const COMPILED_AFTER = 3;
/** Selections of a document that is compiled: compiling takes some 30 µs for each, in one piece. */
const MAX_COMPILED_SELECTIONS = 500;

/** Executes operations: by graphql-jit where they are compiled, otherwise by graphql-js. */
export class Executor {
  readonly #schema: GraphQLSchema;
  /** By document, then by the name of the operation. A document that is forgotten takes them along. */
  readonly #compiled = new WeakMap<DocumentNode, Map<string, Compiled>>();
  readonly #uses = new WeakMap<DocumentNode, number>();
  readonly #waiting: (readonly [DocumentNode, string])[] = [];
  #compiling = false;

  /** @throws Error when the schema has something that graphql-jit gets wrong */
  constructor(schema: GraphQLSchema) {
    const unsafe = unsafeForJit(schema);
    if (unsafe.length > 0) {
      throw new Error(`graphql-jit cannot be trusted with: ${unsafe.join(', ')}`);
    }
    this.#schema = schema;
  }

  /**
   * Compiles the project's own documents, one by one between requests: all at once they would
   * hold the start up. Until its turn, a document is executed by graphql-js.
   *
   * @returns resolves when all are compiled, or the signal is aborted
   */
  async compileAll(documents: readonly DocumentNode[], signal: AbortSignal): Promise<void> {
    for (const document of documents) {
      await nextTurn();
      if (signal.aborted) return;
      this.#compile(document, '');
    }
  }

  execute({
    document,
    operationName,
    variables,
    context,
  }: Execution): MaybePromise<ExecutionResult> {
    const name = operationName ?? '';
    const compiled = this.#compiled.get(document)?.get(name);
    if (compiled && compiled !== 'unsuitable') {
      return compiled.query(undefined, context, variables) as MaybePromise<ExecutionResult>;
    }
    if (!compiled) this.#count(document, name);
    return execute({
      schema: this.#schema,
      document,
      variableValues: variables,
      contextValue: context,
      operationName: operationName ?? null,
    });
  }

  /** Compiles what repeats, after the request. */
  #count(document: DocumentNode, name: string): void {
    const uses = (this.#uses.get(document) ?? 0) + 1;
    this.#uses.set(document, uses);
    if (uses !== COMPILED_AFTER || countSelections(document) > MAX_COMPILED_SELECTIONS) return;
    this.#waiting.push([document, name]);
    if (this.#compiling) return;
    this.#compiling = true;
    setImmediate(() => this.#compileNext());
  }

  #compileNext(): void {
    const [next] = this.#waiting.splice(0, 1);
    if (next) this.#compile(...next);
    this.#compiling = this.#waiting.length > 0;
    if (this.#compiling) setImmediate(() => this.#compileNext());
  }

  #compile(document: DocumentNode, name: string): void {
    const compiled = compileQuery(this.#schema, document, name || undefined, {
      disablingCapturingStackErrors: true,
    });
    const byName = this.#compiled.get(document) ?? new Map<string, Compiled>();
    byName.set(name, isCompiledQuery(compiled) ? compiled : 'unsuitable');
    this.#compiled.set(document, byName);
  }
}

/**
 * What graphql-jit 0.8 gets wrong, wherever the schema has it: it takes the
 * promise of an `isTypeOf` for a yes, so a type's scopes fail open, and it does
 * not wait for a `resolveType`.
 */
export function unsafeForJit(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (isObjectType(type) && type.isTypeOf) return [`${type.name}.isTypeOf`];
    if (isAbstractType(type)) return [`${type.name} (an abstract type)`];
    return [];
  });
}

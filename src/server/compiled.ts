import { setImmediate } from 'node:timers/promises';
import { type DocumentNode, type GraphQLSchema, isAbstractType, isObjectType } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Plugin } from 'graphql-yoga';

/** Runs the documents that were compiled by graphql-jit, and leaves the others to graphql-js. */
export class CompiledDocuments {
  readonly #own = new WeakSet<DocumentNode>();
  readonly #compiled = new WeakMap<DocumentNode, CompiledQuery>();
  readonly #schema: GraphQLSchema;

  /** @throws Error when the schema has what graphql-jit gets wrong */
  constructor(schema: GraphQLSchema) {
    const unsafe = unsafeForJit(schema);
    if (unsafe.length > 0) {
      throw new Error(`graphql-jit cannot be trusted with: ${unsafe.join(', ')}`);
    }
    this.#schema = schema;
  }

  /**
   * Takes documents of this project, and compiles them one by one, between requests:
   * all at once they would hold the start up. Until its turn has come, or where
   * graphql-jit cannot compile it, a document runs by graphql-js.
   *
   * @returns resolves when all are compiled, or the signal is aborted
   */
  async add(documents: readonly DocumentNode[], signal: AbortSignal): Promise<void> {
    for (const document of documents) this.#own.add(document);
    for (const document of documents) {
      await setImmediate();
      if (signal.aborted) return;
      const compiled = compileQuery(this.#schema, document, undefined, {
        disablingCapturingStackErrors: true,
      });
      if (isCompiledQuery(compiled)) this.#compiled.set(document, compiled);
    }
  }

  /** Whether the document is one of this project's. */
  has(document: DocumentNode): boolean {
    return this.#own.has(document);
  }

  plugin(): Plugin {
    return {
      onExecute: ({ args, setExecuteFn }) => {
        const compiled = this.#compiled.get(args.document);
        if (!compiled) return;
        setExecuteFn(({ rootValue, contextValue, variableValues }) =>
          compiled.query(rootValue, contextValue, variableValues ?? {}),
        );
      },
    };
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

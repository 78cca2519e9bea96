import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type DocumentNode,
  type ExecutionResult,
  executeSync,
  type FieldNode,
  type GraphQLSchema,
  getIntrospectionQuery,
  type IntrospectionOptions,
  Kind,
  parse,
  print,
} from 'graphql';

const META_FIELDS: ReadonlySet<string> = new Set(['__schema', '__type', '__typename']);

const TYPES_OF_PIECE = 10;

interface Made {
  readonly result: ExecutionResult;
  readonly bytes: Buffer;
}

/**
 * The standard introspection query, as tools send it, in any of its variants. What it answers
 * never changes while the process runs: it is made once for each variant, and anybody may have it.
 */
export class Introspection {
  readonly #schema: GraphQLSchema;
  /** By the canonical text of a variant. */
  readonly #byText = new Map<string, Made>();
  /** Documents are kept, so the same ones come again. */
  readonly #byDocument = new WeakMap<DocumentNode, Made | 'other'>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** The answer, as JSON, to a document that is the standard introspection query; undefined for any other. */
  answerTo(document: DocumentNode): Buffer | undefined {
    return this.#made(document)?.bytes;
  }

  /** As `answerTo`, as a result. */
  resultOf(document: DocumentNode): ExecutionResult | undefined {
    return this.#made(document)?.result;
  }

  /**
   * Makes the answer to the usual variant before anybody asks, in pieces between requests: in one
   * piece it would hold them up.
   *
   * @returns resolves when it is made, or the signal is aborted
   */
  async warm(signal: AbortSignal): Promise<void> {
    const standard = parse(getIntrospectionQuery());
    const [operation, ...fragments] = standard.definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('it begins with a query');
    const [root] = operation.selectionSet.selections;
    if (root?.kind !== Kind.FIELD || !root.selectionSet) throw new Error('it asks for one field');
    const ask = (field: FieldNode): unknown => {
      const selectionSet = { ...operation.selectionSet, selections: [field] };
      const document = {
        ...standard,
        definitions: [{ ...operation, selectionSet }, ...fragments],
      };
      return Object.values(executeSync({ schema: this.#schema, document }).data ?? {})[0];
    };
    const made: Record<string, unknown> = {};
    for (const part of root.selectionSet.selections) {
      if (part.kind !== Kind.FIELD) throw new Error('it asks for fields');
      await nextTurn();
      if (signal.aborted) return;
      if (part.name.value === 'types') {
        made.types = await this.#types(part, ask, signal);
      } else {
        const only = { ...root.selectionSet, selections: [part] };
        Object.assign(made, ask({ ...root, selectionSet: only }));
      }
    }
    if (!signal.aborted) this.#keep(canonical(standard), { data: { __schema: made } });
  }

  /** Every type of the schema, by one query each. */
  async #types(
    part: FieldNode,
    ask: (field: FieldNode) => unknown,
    signal: AbortSignal,
  ): Promise<unknown[]> {
    const types: unknown[] = [];
    for (const name of Object.keys(this.#schema.getTypeMap())) {
      if (types.length % TYPES_OF_PIECE === 0) await nextTurn();
      if (signal.aborted) return types;
      const value = { kind: Kind.STRING as const, value: name };
      const argument = { kind: Kind.ARGUMENT as const, name: nameOf('name'), value };
      types.push(ask({ ...part, name: nameOf('__type'), arguments: [argument] }));
    }
    return types;
  }

  #keep(text: string, result: ExecutionResult): Made {
    const made = { result, bytes: Buffer.from(JSON.stringify(result)) };
    this.#byText.set(text, made);
    return made;
  }

  #made(document: DocumentNode): Made | undefined {
    if (!asksForSchemaOnly(document)) return undefined;
    const known = this.#byDocument.get(document);
    if (known) return known === 'other' ? undefined : known;
    const made = this.#madeFor(canonical(document));
    this.#byDocument.set(document, made ?? 'other');
    return made;
  }

  #madeFor(asked: string): Made | undefined {
    const known = this.#byText.get(asked);
    if (known) return known;
    const options = variantsLike(asked).find(
      (variant) => canonical(parse(getIntrospectionQuery(variant))) === asked,
    );
    if (!options) return undefined;
    // Executed as it was asked: graphql's own function adds newer fields.
    const document = parse(getIntrospectionQuery(options));
    return this.#keep(asked, executeSync({ schema: this.#schema, document }));
  }
}

function nameOf(value: string): { readonly kind: Kind.NAME; readonly value: string } {
  return { kind: Kind.NAME, value };
}

/** Whether a document asks for nothing but the schema and type names. */
export function asksForSchemaOnly(document: DocumentNode): boolean {
  return document.definitions.every((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return true;
    return definition.selectionSet.selections.every(
      (selection) => selection.kind === Kind.FIELD && META_FIELDS.has(selection.name.value),
    );
  });
}

/** The document's text without what does not matter: layout, and the name of the operation. */
function canonical(document: DocumentNode): string {
  const definitions = document.definitions.map((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return definition;
    const { name, ...unnamed } = definition;
    return unnamed;
  });
  return print({ kind: Kind.DOCUMENT, definitions });
}

/** The variants that a text can be: most options show in it. */
function variantsLike(text: string): IntrospectionOptions[] {
  const shown = {
    descriptions: /\bdescription\b/.test(text),
    specifiedByUrl: text.includes('specifiedByURL'),
    directiveIsRepeatable: text.includes('isRepeatable'),
    oneOf: text.includes('isOneOf'),
  };
  const either = [true, false];
  return either.flatMap((schemaDescription) =>
    either.map((inputValueDeprecation) => ({ ...shown, schemaDescription, inputValueDeprecation })),
  );
}

import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  getIntrospectionQuery,
  type IntrospectionOptions,
  introspectionFromSchema,
  Kind,
  parse,
  print,
} from 'graphql';

const META_FIELDS: ReadonlySet<string> = new Set(['__schema', '__type', '__typename']);

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
    const result = { data: { ...introspectionFromSchema(this.#schema, options) } };
    const made = { result, bytes: Buffer.from(JSON.stringify(result)) };
    this.#byText.set(asked, made);
    return made;
  }
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

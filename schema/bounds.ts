import {
  type ASTVisitor,
  type DefinitionNode,
  type DocumentNode,
  GraphQLError,
  GraphQLID,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  Kind,
  TypeInfo,
  type ValidationContext,
  type ValueNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { isLonger, LENGTHS, MAX_LIST_LENGTH } from '../src/domain/lengths.ts';
import { setFields } from '../src/domain/patch.ts';
import { boundsOf, type InputBounds } from './extensions.ts';
import { isBoundedScalar, NOT_A_STRING, ScalarProblem, tooLong } from './scalars.ts';

/*
 * The bounds of texts, ids and lists (extensions.ts), applied to every value that a caller sends before
 * any other work on it: to the variables of an operation and to the bodies of REST by `InputReader`
 * (input.ts), to the values in a document by `BoundsRule`.
 */

/** The problem of a text or a list that is longer than its bounds. */
export function boundsProblem(value: unknown, { maxLength, maxItems }: InputBounds) {
  if (typeof value === 'string' && maxLength !== undefined && isLonger(value, maxLength)) {
    return tooLong(maxLength);
  }
  if (Array.isArray(value) && maxItems !== undefined && value.length > maxItems) {
    return `must have at most ${maxItems} items`;
  }
  return undefined;
}

type Position = Pick<TypeInfo, 'getArgument' | 'getParentInputType'>;

/** Visits every value of an argument or an input field, with its bounds. */
function valueVisitor(
  position: Position,
  visitValue: (value: ValueNode, bounds: InputBounds) => void,
): ASTVisitor {
  return {
    Argument({ value }) {
      const argument = position.getArgument();
      if (argument) visitValue(value, boundsOf(argument));
    },
    ObjectField({ name, value }) {
      const around = getNamedType(position.getParentInputType());
      const field = isInputObjectType(around) ? around.getFields()[name.value] : undefined;
      if (field) visitValue(value, boundsOf(field));
    },
  };
}

/** A validation rule: the texts and lists in the document are within their bounds, and ids are no numbers. */
export function BoundsRule(context: ValidationContext): ASTVisitor {
  const refuse = (value: ValueNode, problem: string) => {
    const originalError = new ScalarProblem(problem);
    context.reportError(new GraphQLError(problem, { nodes: [value], originalError }));
  };
  const check = (value: ValueNode, bounds: InputBounds): void => {
    const given = value.kind === 'StringValue' ? value.value : undefined;
    const items = value.kind === 'ListValue' ? value.values : undefined;
    const problem = boundsProblem(given ?? items, bounds);
    if (problem) refuse(value, problem);
    else for (const item of items ?? []) check(item, bounds);
  };
  return {
    ...valueVisitor(context, check),
    IntValue(value) {
      if (isId(context.getInputType())) refuse(value, NOT_A_STRING);
    },
  };
}

/** GraphQL accepts a number where an id is expected; this schema does not. */
export function isId(type: GraphQLInputType | null | undefined): boolean {
  return getNamedType(type) === GraphQLID;
}

/** Of a variable whose place has none: a part of free-form JSON. */
const USUAL: InputBounds = { maxLength: LENGTHS.json, maxItems: MAX_LIST_LENGTH };

/** The bounds of an operation's variables: the strictest of the places where each is used. */
export class VariableBounds {
  readonly #byName: ReadonlyMap<string, InputBounds>;

  /** @param document contains one operation */
  constructor(schema: GraphQLSchema, document: DocumentNode) {
    const byName = new Map<string, InputBounds>();
    const note = (value: ValueNode, bounds: InputBounds): void => {
      if (value.kind === 'ListValue') for (const item of value.values) note(item, bounds);
      if (value.kind !== 'Variable') return;
      const name = value.name.value;
      byName.set(name, strictest(byName.get(name) ?? {}, bounds));
    };
    const types = new TypeInfo(schema);
    visit(document, visitWithTypeInfo(types, valueVisitor(types, note)));
    this.#byName = byName;
  }

  of(variable: string): InputBounds {
    return { ...USUAL, ...this.#byName.get(variable) };
  }
}

function strictest(one: InputBounds, other: InputBounds): InputBounds {
  return setFields<InputBounds>({
    maxLength: least(one.maxLength, other.maxLength),
    maxItems: least(one.maxItems, other.maxItems),
  });
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

/** By document, then by the name of the operation: a client's document is sent many times. */
const known = new WeakMap<DocumentNode, Map<string, VariableBounds>>();

/** The bounds of the variables of an operation of a client's document; undefined without one. */
export function variableBounds(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
): VariableBounds | undefined {
  const operation = document.definitions.find(
    (it) =>
      it.kind === Kind.OPERATION_DEFINITION &&
      (operationName == null || it.name?.value === operationName),
  );
  if (!operation) return undefined;
  const name = operationName ?? '';
  const ofDocument = known.get(document) ?? new Map<string, VariableBounds>();
  known.set(document, ofDocument);
  const bounds =
    ofDocument.get(name) ?? new VariableBounds(schema, withFragments(document, operation));
  ofDocument.set(name, bounds);
  return bounds;
}

/** The operation, and the fragments that it spreads. */
function withFragments(document: DocumentNode, operation: DefinitionNode): DocumentNode {
  const fragments = new Map(
    document.definitions.flatMap((it) =>
      it.kind === Kind.FRAGMENT_DEFINITION ? [[it.name.value, it] as const] : [],
    ),
  );
  // The iteration includes what is added during it.
  const definitions = new Set([operation]);
  for (const definition of definitions) {
    visit(definition, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (fragment) definitions.add(fragment);
      },
    });
  }
  return { kind: Kind.DOCUMENT, definitions: [...definitions] };
}

/**
 * A text without a bound would be read and stored at any length.
 *
 * @throws Error naming every argument and input field without the bounds that its type requires
 */
export function assertBounded(schema: GraphQLSchema): void {
  const unbounded = Object.values(schema.getTypeMap()).flatMap((type) => {
    if (type.name.startsWith('__')) return [];
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields());
      return fields.flatMap((field) => lacking(`${type.name}.${field.name}`, field));
    }
    if (!isObjectType(type)) return [];
    return Object.values(type.getFields()).flatMap(({ name, args }) =>
      args.flatMap((arg) => lacking(`${type.name}.${name}(${arg.name})`, arg)),
    );
  });
  if (unbounded.length === 0) return;
  throw new Error(
    `declare the bounds of these inputs (schema/extensions.ts): ${unbounded.join(', ')}`,
  );
}

function lacking(
  name: string,
  input: Parameters<typeof boundsOf>[0] & { readonly type: GraphQLInputType },
): string[] {
  const { maxLength, maxItems } = boundsOf(input);
  const named = getNamedType(input.type);
  const isFreeText = isScalarType(named) && !isBoundedScalar(named);
  return [
    ...(isFreeText && maxLength === undefined ? [`${name}: maxLength`] : []),
    ...(hasList(input.type) && maxItems === undefined ? [`${name}: maxItems`] : []),
  ];
}

function hasList(type: GraphQLInputType): boolean {
  if (isNonNullType(type)) return hasList(type.ofType);
  return isListType(type);
}

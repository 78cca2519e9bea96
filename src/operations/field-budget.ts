import {
  defaultFieldResolver,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isIntrospectionType,
  isListType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { Context } from '../../schema/context.ts';
import { DomainError } from '../domain/errors.ts';
import { SUBSCRIPTION } from './documents.ts';

/** Fewer fields are resolved in one turn, so that what they read together is one read. */
const MANY = 500;

/** Counts the fields of one answer. The cost of a query estimates how long lists are; this knows. */
export class FieldBudget {
  readonly #max: number;
  #left: number;
  #resolved = 0;

  constructor(max: number) {
    this.#max = max;
    this.#left = max;
  }

  /** Fields of the items of lists, so far. */
  get counted(): number {
    return this.#max - this.#left;
  }

  /** Counts a field that leads to objects or a list. @returns whether there were many before it */
  isOneOfMany(): boolean {
    this.#resolved += 1;
    return this.#resolved > MANY;
  }

  /** @throws DomainError `request.too_complex` once the answer has too many */
  take(fields: number): void {
    this.#left -= fields;
    if (this.#left >= 0) return;
    throw new DomainError(
      'request.too_complex',
      `an answer may have at most ${this.#max} fields; ask for shorter pages, or for fewer lists`,
    );
  }
}

type Resolver = GraphQLFieldResolver<unknown, Context>;

/**
 * Makes every field of the schema that leads to objects or a list bounded: before it is resolved
 * it lets other requests have the event loop, where that is due, and the items of a list count to
 * the fields of the answer.
 */
export function boundFields(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) bound(field);
  }
}

function bound(field: GraphQLField<unknown, Context>): void {
  const isList = isListType(getNullableType(field.type));
  if (!isList && !isCompositeType(getNamedType(field.type))) return;
  const resolve = field.resolve ?? defaultFieldResolver;
  const resolver: Resolver = isList ? counted(resolve) : resolve;
  field.resolve = (source, args, context, info) =>
    context.fields.isOneOfMany()
      ? context.work.inTurn(() => resolver(source, args, context, info))
      : resolver(source, args, context, info);
}

function counted(resolve: Resolver): Resolver {
  return (source, args, context, info) => {
    const count = (items: unknown) => {
      // A subscription has an answer for each event, and no end.
      const counts = Array.isArray(items) && info.operation.operation !== SUBSCRIPTION;
      if (counts) context.fields.take(items.length * fieldsOfItem(info));
      return items;
    };
    const items: unknown = resolve(source, args, context, info);
    return items instanceof Promise ? items.then(count) : count(items);
  };
}

/** Documents are kept, so the same nodes come again. */
const known = new WeakMap<FieldNode, number>();

/** The fields of one item, without those of the items of lists in it. */
function fieldsOfItem({ fieldNodes, fragments }: GraphQLResolveInfo): number {
  const [first] = fieldNodes;
  if (!first) return 1;
  const before = known.get(first);
  if (before !== undefined) return before;
  const fields = fieldNodes.reduce(
    (sum, { selectionSet }) => sum + (selectionSet ? fieldsOf(selectionSet, fragments) : 1),
    0,
  );
  known.set(first, fields);
  return fields;
}

type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

/** Fields in fields count too: a list among them counts as one item here, and again by its items. */
function fieldsOf({ selections }: SelectionSetNode, fragments: Fragments): number {
  return selections.reduce((sum, selection) => {
    if (selection.kind === Kind.FIELD) {
      const { selectionSet } = selection;
      return sum + 1 + (selectionSet ? fieldsOf(selectionSet, fragments) : 0);
    }
    const set =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection.selectionSet
        : fragments[selection.name.value]?.selectionSet;
    return set ? sum + fieldsOf(set, fragments) : sum;
  }, 0);
}

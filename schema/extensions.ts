import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type FieldRequiredness,
  type InputFieldMap,
  type InputType,
  type PothosInputFieldConfig,
  type PothosInputFieldType,
  type PothosOutputFieldConfig,
  type PothosTypeConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core';
import {
  type GraphQLArgument,
  type GraphQLField,
  GraphQLID,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLObjectType,
} from 'graphql';
import type { Right } from '../src/auth/rights.ts';
import type { ErrorCode } from '../src/domain/errors.ts';
import { LENGTHS } from '../src/domain/lengths.ts';
import { setFields } from '../src/domain/patch.ts';
import type { PageLimits } from '../src/paging/pager.ts';

/*
 * What fields, types and arguments declare beyond GraphQL. A resource sets these as options of
 * the builder: `t.field({ reads: ['skills'], … })`. The rest of the project reads them with the
 * functions at the end of this file, which is the only one that names `extensions` of a schema.
 */

/**
 * The right that an edge to an entity requires, or `inherited` where the right to read the
 * parent is enough: the fields of a payload or a connection.
 */
export type DeclaredRight = Right | 'inherited';

/** The cost of a field with these arguments, that of its selection included. */
type FieldCost = (asked: {
  readonly args: Readonly<Record<string, unknown>>;
  readonly childComplexity: number;
}) => number;

interface FieldExtensions<Part extends string = string> {
  /** Set by `may` and `inherited` (rights.ts). */
  readonly right?: DeclaredRight;
  /**
   * The codes that the field itself fails with, for the OpenAPI document. Without those of its
   * right, of the values sent (`request.…`), and of a server that cannot answer.
   */
  readonly fails?: readonly ErrorCode[];
  /**
   * The stored parts of the parent that the field reads. A field that exposes a part reads that
   * part; every other field of a projected type must declare what it reads.
   */
  readonly reads?: readonly Part[];
  /** The greatest length of a list, for the cost of a query; 10 when left out. */
  readonly listLength?: number;
  /** The field's share of the cost of a query; 1 when left out. A function returns the whole cost. */
  readonly complexity?: number | FieldCost;
}

interface ObjectExtensions {
  /** Every edge to the type must declare a right. */
  readonly entity?: true;
  /** A list reads only the selected parts of the type's documents (selection.ts). */
  readonly projected?: true;
}

interface InputExtensions<Name extends string = string> {
  /** The field that REST fills when a body is a bare list. */
  readonly bareList?: Name;
}

/**
 * The bounds of what an input field or an argument accepts (bounds.ts applies them). A text
 * without a form of its own must have a `maxLength`, and a list a `maxItems`.
 */
export interface InputBounds {
  /** Characters of a text; of a list, those of each of its texts. */
  readonly maxLength?: number;
  /** Items of a list, at each of its levels. */
  readonly maxItems?: number;
}

/** Rules of the domain that the OpenAPI document describes. */
interface InputRules {
  /** The smallest number. */
  readonly minimum?: number;
  /** The greatest number. */
  readonly maximum?: number;
  /** False if the domain rejects `null`. */
  readonly clearable?: false;
}

interface InputFieldExtensions {
  readonly bounds?: InputBounds;
  readonly rules?: InputRules;
}

interface ArgumentExtensions {
  /** The limits of the page whose length the argument sets. */
  readonly limits?: PageLimits;
}

declare global {
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      extensions: ExtensionsPlugin<Types>;
    }

    interface FieldOptions<
      Types extends SchemaTypes,
      ParentShape,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveShape,
      ResolveReturnShape,
    > extends FieldExtensions<keyof ParentShape & string> {}

    interface ObjectTypeOptions<Types extends SchemaTypes, Shape> extends ObjectExtensions {}

    interface InputObjectTypeOptions<Types extends SchemaTypes, Fields extends InputFieldMap>
      extends InputExtensions<NoInfer<keyof Fields & string>> {}

    interface InputFieldOptions<
      Types extends SchemaTypes,
      Type extends InputType<Types> | [InputType<Types>],
      Req extends FieldRequiredness<Type>,
    > extends InputBounds,
        InputRules {}

    interface ArgFieldOptions<
      Types extends SchemaTypes,
      Type extends InputType<Types> | [InputType<Types>],
      Req extends FieldRequiredness<Type>,
    > extends ArgumentExtensions {}
  }
}

/** Copies the options above into the `extensions` of the built schema. */
class ExtensionsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(config: PothosOutputFieldConfig<Types>) {
    const { right, fails, reads, listLength, complexity } = config.pothosOptions as FieldExtensions;
    const exposed = config.extensions?.pothosExposedField;
    const parts = reads ?? (typeof exposed === 'string' ? [exposed] : undefined);
    return extended(config, { right, fails, reads: parts, listLength, complexity });
  }

  override onTypeConfig(config: PothosTypeConfig) {
    if (config.kind === 'Object') {
      const { entity, projected } = config.pothosOptions;
      return extended(config, { entity, projected });
    }
    if (config.kind !== 'InputObject') return config;
    return extended(config, { bareList: config.pothosOptions.bareList });
  }

  override onInputFieldConfig(config: PothosInputFieldConfig<Types>) {
    const { limits, maxLength, maxItems, minimum, maximum, clearable } =
      config.pothosOptions as ArgumentExtensions & InputBounds & InputRules;
    const declared = setFields<InputBounds>({ maxLength, maxItems });
    const bounds = this.#isId(config.type) ? { maxLength: LENGTHS.id, ...declared } : declared;
    const rules = setFields<InputRules>({ minimum, maximum, clearable });
    const description = describedWith(config.description, declared, rules);
    return extended(
      { ...config, ...(description && { description }) },
      { limits, bounds: unlessEmpty(bounds), rules: unlessEmpty(rules) },
    );
  }

  /** Every id has the same bound. */
  #isId(type: PothosInputFieldType<Types>): boolean {
    if (type.kind === 'List') return this.#isId(type.type);
    return this.builder.configStore.getTypeConfig(type.ref).name === GraphQLID.name;
  }
}

/** The name of the plugin in the builder's list of plugins. */
export const EXTENSIONS = 'extensions';
SchemaBuilder.registerPlugin(EXTENSIONS, ExtensionsPlugin);

function unlessEmpty<T extends object>(given: T): T | undefined {
  return Object.keys(given).length > 0 ? given : undefined;
}

/** The description with what a client must know of a bound or a rule. */
function describedWith(
  description: string | null | undefined,
  { maxLength, maxItems }: InputBounds,
  { clearable }: InputRules,
): string | undefined {
  const characters = maxLength && `${maxLength.toLocaleString('en-US')} characters`;
  const items = maxItems && `${maxItems} items`;
  const most =
    items && characters ? `${items} of at most ${characters} each` : (items ?? characters);
  const sentences = [
    description,
    most && `At most ${most}.`,
    clearable === false && 'It cannot be cleared.',
  ];
  return sentences.filter(Boolean).join(' ') || undefined;
}

/** The config with the given extensions added; undefined ones are left out. */
function extended<C extends { extensions?: object | null | undefined }>(
  config: C,
  given: object,
): C {
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  if (set.length === 0) return config;
  return { ...config, extensions: { ...config.extensions, ...Object.fromEntries(set) } };
}

type AnyInput = Pick<GraphQLArgument | GraphQLInputField, 'extensions'>;
type AnyField = Pick<GraphQLField<unknown, unknown>, 'extensions'>;

export function extensionsOfField(field: AnyField): FieldExtensions {
  return field.extensions;
}

export function extensionsOfType(type: GraphQLObjectType): ObjectExtensions {
  return type.extensions;
}

export function extensionsOfInput(type: GraphQLInputObjectType): InputExtensions {
  return type.extensions;
}

/** @param input an argument, or a field of an input type */
export function boundsOf(input: AnyInput): InputBounds {
  return (input.extensions as InputFieldExtensions).bounds ?? {};
}

/** @param input an argument, or a field of an input type */
export function rulesOf(input: AnyInput): InputRules {
  return (input.extensions as InputFieldExtensions).rules ?? {};
}

export function extensionsOfArgument(argument: GraphQLArgument): ArgumentExtensions {
  return argument.extensions;
}

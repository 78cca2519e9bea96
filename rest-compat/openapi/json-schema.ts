import { isDeepStrictEqual } from 'node:util';
import {
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLScalarType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredInputField,
  type SelectionSetNode,
} from 'graphql';
import { boundsOf, type InputBounds, rulesOf } from '../../schema/extensions.ts';
import { bareListField } from '../../schema/input.ts';
import { isBoundedScalar, scalarNamed } from '../../schema/scalars.ts';
import { fieldsOf } from './selected.ts';

/** A JSON Schema (2020-12), the dialect of OpenAPI 3.1. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The scalars of GraphQL itself. */
const OWN: Readonly<Record<string, JsonSchema | undefined>> = {
  ID: { type: 'string' },
  String: { type: 'string' },
  Int: { type: 'integer', format: 'int32' },
  Float: { type: 'number' },
  Boolean: { type: 'boolean' },
};

interface OutputOptions {
  /** Whether an unset field is `null`; otherwise it is omitted. */
  readonly keepsNulls?: boolean | undefined;
  /** The name of the schema; that of the type if omitted. */
  readonly name?: string | undefined;
  /** Nullable fields that are always set. */
  readonly alwaysSet?: readonly string[] | undefined;
}

/** Where the named schemas of a document are: in an OpenAPI document, or in a JSON Schema. */
type SchemasAt = '#/components/schemas/' | '#/$defs/';

/** Collects the named schemas of a document. Types become references to them. */
export class Components {
  readonly schemas: Record<string, JsonSchema> = {};
  readonly #at: SchemasAt;

  constructor(at: SchemasAt = '#/components/schemas/') {
    this.#at = at;
  }

  /**
   * The schema of an input type over REST: enum values are the reference's words.
   *
   * @param bounds those of the argument or the field
   */
  input(type: GraphQLInputType, bounds: InputBounds): JsonSchema {
    if (isNonNullType(type)) return this.input(type.ofType, bounds);
    if (isListType(type)) {
      const { maxItems } = bounds;
      return {
        type: 'array',
        ...(maxItems && { maxItems }),
        items: this.input(type.ofType, bounds),
      };
    }
    if (isEnumType(type)) return this.#enum(type);
    if (isInputObjectType(type)) return this.#inputObject(type);
    return { ...scalar(type.name), ...boundsOfScalar(type, bounds) };
  }

  /**
   * The schema of an answer over REST.
   *
   * @param selection the selected fields; keys that begin with `_` are not in the answer
   * @throws Error when another selection of the type has its name
   */
  output(
    type: GraphQLOutputType,
    selection: SelectionSetNode | undefined,
    options: OutputOptions,
  ): JsonSchema {
    if (isNonNullType(type)) return this.output(type.ofType, selection, options);
    if (isListType(type)) {
      return { type: 'array', items: this.output(type.ofType, selection, options) };
    }
    if (isEnumType(type)) return this.#enum(type);
    if (!isObjectType(type) || !selection) return scalar(type.name);
    const name = options.name ?? type.name;
    return this.#named(name, this.#outputObject(type, selection, options));
  }

  #named(name: string, schema: JsonSchema): JsonSchema {
    const other = this.schemas[name];
    if (other && !isDeepStrictEqual(other, schema)) {
      throw new Error(`two schemas are called ${name}: set 'answers' of the route of one of them`);
    }
    this.schemas[name] = schema;
    return { $ref: `${this.#at}${name}` };
  }

  #enum(type: GraphQLEnumType): JsonSchema {
    const values = type.getValues().map(({ value }) => value as unknown);
    return this.#named(type.name, { ...described(type), type: 'string', enum: values });
  }

  #inputObject(type: GraphQLInputObjectType): JsonSchema {
    const ref = { $ref: `${this.#at}${type.name}` };
    if (this.schemas[type.name]) return ref;
    // Set before its fields, which may refer back to it.
    this.schemas[type.name] = {};
    const fields = Object.values(type.getFields());
    const properties = fields.map((field) => {
      const { clearable = true, ...range } = rulesOf(field);
      const schema = { ...this.input(field.type, boundsOf(field)), ...range };
      const accepted = isNonNullType(field.type) || !clearable ? schema : orNull(schema);
      return [field.name, { ...described(field), ...accepted }] as const;
    });
    const object = {
      ...described(type),
      type: 'object',
      properties: Object.fromEntries(properties),
      ...requiredOf(fields.filter(isRequiredInputField).map(({ name }) => name)),
      additionalProperties: false,
    };
    const list = bareListField(type);
    this.schemas[type.name] = list
      ? {
          anyOf: [
            object,
            { description: 'The list alone.', ...this.input(list.type, boundsOf(list)) },
          ],
        }
      : object;
    return ref;
  }

  #outputObject(
    type: GraphQLObjectType,
    selection: SelectionSetNode,
    { keepsNulls = false, alwaysSet = [] }: OutputOptions,
  ): JsonSchema {
    const properties: Record<string, JsonSchema> = {};
    const required: string[] = [];
    for (const [key, { field, selection: inner }] of fieldsOf(type, selection)) {
      if (key.startsWith('_')) continue;
      const isSet = isNonNullType(field.type) || alwaysSet.includes(key);
      const schema = this.output(field.type, inner, { keepsNulls });
      const shown = keepsNulls && !isSet ? orNull(schema) : schema;
      properties[key] = { ...described(field), ...shown };
      if (isSet || keepsNulls) required.push(key);
    }
    return { ...described(type), type: 'object', properties, ...requiredOf(required) };
  }
}

/** Those of the scalar itself, or those of its place. */
function boundsOfScalar(type: GraphQLScalarType, { maxLength }: InputBounds): JsonSchema {
  if (isBoundedScalar(type)) return scalarNamed(type.name)?.bounds ?? {};
  return maxLength === undefined ? {} : { maxLength };
}

/** @throws Error when the scalar has no JSON schema yet */
function scalar(name: string): JsonSchema {
  const schema = scalarNamed(name)?.json ?? OWN[name];
  if (!schema) throw new Error(`the scalar ${name} has no JSON schema`);
  return schema;
}

function described({ description }: { readonly description?: string | null | undefined }) {
  return description ? { description } : {};
}

function requiredOf(names: readonly string[]): { required?: readonly string[] } {
  return names.length > 0 ? { required: names } : {};
}

function orNull(schema: JsonSchema): JsonSchema {
  if (Object.keys(schema).length === 0) return schema;
  const { type } = schema;
  if (typeof type !== 'string' || 'enum' in schema) return { anyOf: [schema, { type: 'null' }] };
  return { ...schema, type: [type, 'null'] };
}

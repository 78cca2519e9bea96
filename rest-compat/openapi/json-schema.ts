import {
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredInputField,
  type SelectionSetNode,
} from 'graphql';
import { bareListField } from '../../schema/input.ts';
import { fieldsOf } from './selected.ts';

/** A JSON Schema (2020-12), the dialect of OpenAPI 3.1. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The JSON schemas of the scalars of the GraphQL schema. */
const SCALARS: Readonly<Record<string, JsonSchema | undefined>> = {
  ID: { type: 'string' },
  String: { type: 'string' },
  Int: { type: 'integer' },
  Float: { type: 'number' },
  Boolean: { type: 'boolean' },
  NonBlank: { type: 'string', pattern: '\\S' },
  EmailAddress: { type: 'string', format: 'email' },
  HexColorCode: { type: 'string', pattern: '^#([0-9a-fA-F]{3,4}){1,2}$', examples: ['#1a73e8'] },
  HttpUrl: { type: 'string', format: 'uri' },
  PhoneNumber: { type: 'string', examples: ['+14155550132'] },
  TimeZone: { type: 'string', examples: ['Europe/Berlin'] },
  DateTime: { type: 'string', format: 'date-time' },
  Instant: { type: 'string', examples: ['2026-07-01T00:00:00Z', '1782864000000'] },
  JSON: {},
  JSONObject: { type: 'object', additionalProperties: true },
};

/** Collects the named schemas of a document. Types become references to them. */
export class Components {
  readonly schemas: Record<string, JsonSchema> = {};

  /** The schema of an input type over REST: enum values are the reference's words. */
  input(type: GraphQLInputType): JsonSchema {
    if (isNonNullType(type)) return this.input(type.ofType);
    if (isListType(type)) return { type: 'array', items: this.input(type.ofType) };
    if (isEnumType(type)) return this.#enum(type);
    if (isInputObjectType(type)) return this.#inputObject(type);
    return scalar(type.name);
  }

  /**
   * The schema of an answer over REST.
   *
   * @param selection the selected fields; keys that begin with `_` are not in the answer
   * @param keepsNulls whether an unset field is `null`; otherwise it is omitted
   */
  output(
    type: GraphQLOutputType,
    selection: SelectionSetNode | undefined,
    keepsNulls = false,
  ): JsonSchema {
    if (isNonNullType(type)) return this.output(type.ofType, selection, keepsNulls);
    if (isListType(type)) {
      return { type: 'array', items: this.output(type.ofType, selection, keepsNulls) };
    }
    if (isEnumType(type)) return this.#enum(type);
    if (!isObjectType(type) || !selection) return scalar(type.name);
    return this.#named(type.name, this.#outputObject(type, selection, keepsNulls));
  }

  /** Names the schema, with a number appended if another schema has the name. */
  #named(name: string, schema: JsonSchema): JsonSchema {
    const text = JSON.stringify(schema);
    for (let n = 1; ; n += 1) {
      const numbered = n === 1 ? name : `${name}${n}`;
      const named = this.schemas[numbered];
      if (named && JSON.stringify(named) !== text) continue;
      this.schemas[numbered] = schema;
      return { $ref: `#/components/schemas/${numbered}` };
    }
  }

  #enum(type: GraphQLEnumType): JsonSchema {
    const values = type.getValues().map(({ value }) => value as unknown);
    return this.#named(type.name, { ...described(type), type: 'string', enum: values });
  }

  #inputObject(type: GraphQLInputObjectType): JsonSchema {
    const ref = { $ref: `#/components/schemas/${type.name}` };
    if (this.schemas[type.name]) return ref;
    // Set before its fields, which may refer back to it.
    this.schemas[type.name] = {};
    const fields = Object.values(type.getFields());
    const properties = fields.map((field) => {
      const schema = this.input(field.type);
      const accepted = isNonNullType(field.type) ? schema : orNull(schema);
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
      ? { anyOf: [object, { description: 'The list alone.', ...this.input(list.type) }] }
      : object;
    return ref;
  }

  #outputObject(
    type: GraphQLObjectType,
    selection: SelectionSetNode,
    keepsNulls: boolean,
  ): JsonSchema {
    const properties: Record<string, JsonSchema> = {};
    const required: string[] = [];
    for (const [key, { field, selection: inner }] of fieldsOf(type, selection)) {
      if (key.startsWith('_')) continue;
      const isSet = isNonNullType(field.type);
      const schema = this.output(field.type, inner, keepsNulls);
      const shown = keepsNulls && !isSet ? orNull(schema) : schema;
      properties[key] = { ...described(field), ...shown };
      if (isSet || keepsNulls) required.push(key);
    }
    return { ...described(type), type: 'object', properties, ...requiredOf(required) };
  }
}

/** @throws Error when the scalar has no JSON schema yet */
function scalar(name: string): JsonSchema {
  const schema = SCALARS[name];
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

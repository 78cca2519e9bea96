import { GraphQLID, GraphQLScalarType, GraphQLString } from 'graphql';
import { GraphQLJSON, GraphQLNonEmptyString } from 'graphql-scalars';
import { FORMATS, type TextFormat } from '../src/domain/formats.ts';
import { SLUG, SLUG_RULE } from '../src/domain/ids.ts';
import { firstExcess, type JsonBounds } from '../src/domain/json-bounds.ts';
import { isLonger, LENGTHS } from '../src/domain/lengths.ts';
import { CUSTOM_KEY, MAX_CUSTOM_FIELDS } from '../src/domain/people.ts';
import { parseDateTime, parseInstant } from '../src/domain/time.ts';

/** The problem of a value. GraphQL adds the value's place to this error only, not to its own. */
export class ScalarProblem extends Error {
  override readonly name = 'ScalarProblem';
}

/** A JSON Schema, for the OpenAPI document. */
type JsonSchema = Readonly<Record<string, unknown>>;

interface Scalar<T> {
  readonly type: GraphQLScalarType<T, T>;
  /** Every value of the scalar. */
  readonly json: JsonSchema;
  /** The bounds of a value that a caller sends; null if each place that accepts one must set them. */
  readonly bounds: JsonSchema | null;
}

/** A text with a form of its own. `parse` is not called for a longer text. */
interface TextForm extends TextFormat {
  readonly description: string;
  /** What a JSON Schema can say of the form: a pattern, a format, examples. */
  readonly json: JsonSchema;
}

function textScalar(name: string, form: TextForm): Scalar<string> {
  const { description, maxLength, parse, problem } = form;
  return {
    type: textType(name, `${description} At most ${maxLength} characters.`, (text) => {
      if (isLonger(text, maxLength)) throw new ScalarProblem(tooLong(maxLength));
      const parsed = parse(text);
      if (parsed === undefined) throw new ScalarProblem(problem);
      return parsed;
    }),
    json: { type: 'string', ...form.json },
    bounds: { maxLength },
  };
}

/** @param parse throws ScalarProblem */
function textType(name: string, description: string, parse: (text: string) => string) {
  return new GraphQLScalarType<string, string>({
    name,
    description,
    serialize: (value) => String(value),
    parseValue(value) {
      if (typeof value !== 'string') throw new ScalarProblem(NOT_A_STRING);
      return parse(value);
    },
  });
}

export const NOT_A_STRING = 'must be a string';

export function tooLong(maxLength: number): string {
  return `must have at most ${maxLength} characters`;
}

/** Bounds of free-form JSON. The forms of the catalog, which describe it, need far less. */
const JSON_BOUNDS = {
  maxLevels: 32,
  maxValues: 2_000,
  maxTextLength: LENGTHS.json,
} as const satisfies JsonBounds;
const JSON_RULE = `at most ${JSON_BOUNDS.maxLevels} levels, ${JSON_BOUNDS.maxValues} values and ${JSON_BOUNDS.maxTextLength} characters in each text`;

/** The scalars of the schema beyond GraphQL's own, by name. */
export const scalars = {
  Slug: textScalar('Slug', {
    description: 'An id that the caller chooses: `a-z`, `0-9` and `-`, e.g. `acme-sales`.',
    maxLength: LENGTHS.slug,
    parse: matching(SLUG),
    problem: SLUG_RULE,
    json: { pattern: SLUG.source },
  }),
  NonBlank: {
    type: textType(
      'NonBlank',
      'A string with at least one character that is not white space.',
      (text) => {
        const parsed = orUndefined(() => GraphQLNonEmptyString.parseValue(text));
        if (parsed === undefined) throw new ScalarProblem('must not be blank');
        return parsed;
      },
    ),
    json: { type: 'string', pattern: '\\S' },
    bounds: null,
  },
  EmailAddress: textScalar('EmailAddress', {
    description: 'An e-mail address.',
    ...FORMATS.email,
    json: { format: 'email', pattern: FORMATS.email.pattern.source, examples: ['hello@acme.com'] },
  }),
  HexColorCode: textScalar('HexColorCode', {
    description: 'A hex colour code with 3, 6 or 8 digits, e.g. `#1a73e8`.',
    ...FORMATS.color,
    json: { pattern: FORMATS.color.pattern.source, examples: ['#1a73e8'] },
  }),
  HttpUrl: textScalar('HttpUrl', {
    description: 'An absolute http or https URL, stored as it was sent.',
    ...FORMATS.uri,
    json: { format: 'uri', examples: ['https://acme.com/'] },
  }),
  PhoneNumber: textScalar('PhoneNumber', {
    description: 'A phone number with its country code, stored in E.164, e.g. `+14155550132`.',
    ...FORMATS.phone,
    json: { examples: ['+14155550132'] },
  }),
  TimeZone: textScalar('TimeZone', {
    description: 'A time zone of the IANA database, e.g. `Europe/Berlin`.',
    ...FORMATS['time-zone'],
    json: { examples: ['Europe/Berlin'] },
  }),
  DateTime: textScalar('DateTime', {
    description: 'A point in time in ISO-8601, e.g. `2026-07-01T00:00:00.000Z`.',
    maxLength: LENGTHS.time,
    parse: parseDateTime,
    problem: 'is not a date and time in ISO-8601, such as 2026-07-01T00:00:00Z',
    json: { format: 'date-time' },
  }),
  Instant: textScalar('Instant', {
    description:
      'A point in time: ISO-8601 with an offset, a date in UTC, or milliseconds since 1970 as a string.',
    maxLength: LENGTHS.time,
    parse: parseInstant,
    problem:
      'is neither a point in time in ISO-8601, such as 2026-07-01T00:00:00Z, nor milliseconds since 1970',
    json: { examples: ['2026-07-01T00:00:00Z', '1782864000000'] },
  }),
  JSON: {
    type: jsonType<unknown>('JSON', `Any JSON value: as an input, ${JSON_RULE}.`, (value) => value),
    json: {},
    bounds: {},
  },
  JSONObject: {
    type: jsonType('JSONObject', `A JSON object: as an input, ${JSON_RULE}.`, object),
    json: { type: 'object', additionalProperties: true },
    bounds: {},
  },
  CustomFields: {
    type: jsonType(
      'CustomFields',
      `Texts by name: at most ${MAX_CUSTOM_FIELDS}, of at most ${LENGTHS.customValue} characters each. A name has 1 to 64 letters, digits, spaces, \`_\` and \`-\`. As an input, \`null\` removes a field.`,
      customFields,
    ),
    json: { type: 'object', additionalProperties: { type: 'string' } },
    bounds: {
      maxProperties: MAX_CUSTOM_FIELDS,
      propertyNames: { pattern: CUSTOM_KEY.source },
      additionalProperties: { type: ['string', 'null'], maxLength: LENGTHS.customValue },
    },
  },
} as const satisfies Readonly<Record<string, Scalar<never> | Scalar<unknown>>>;

/** Whether the scalar itself bounds its values. */
export function isBoundedScalar({ name }: GraphQLScalarType): boolean {
  const own = scalarNamed(name);
  return own ? own.bounds !== null : name !== GraphQLString.name && name !== GraphQLID.name;
}

/** Undefined for a scalar of GraphQL itself. */
export function scalarNamed(name: string): Omit<Scalar<never>, 'type'> | undefined {
  return Object.hasOwn(scalars, name) ? scalars[name as keyof typeof scalars] : undefined;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** @param read throws ScalarProblem on a value that it rejects; the value is within the bounds of JSON */
function jsonType<T>(name: string, description: string, read: (value: unknown) => T) {
  const bounded = (value: unknown): T => {
    const excess = firstExcess(value, JSON_BOUNDS);
    if (excess) throw new ScalarProblem(`must have ${JSON_RULE}`);
    return read(value);
  };
  return new GraphQLScalarType<T, T>({
    name,
    description,
    serialize: (value) => value as T,
    parseValue: bounded,
    parseLiteral: (node, variables) => bounded(GraphQLJSON.parseLiteral(node, variables)),
  });
}

function object(value: unknown): JsonObject {
  if (isObject(value)) return value;
  throw new ScalarProblem('must be an object');
}

/** The domain checks the names and the values, because it reports every problem with its path. */
function customFields(value: unknown): JsonObject {
  const fields = object(value);
  if (Object.keys(fields).length <= MAX_CUSTOM_FIELDS) return fields;
  throw new ScalarProblem(`must have at most ${MAX_CUSTOM_FIELDS} fields`);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function matching(form: RegExp): (text: string) => string | undefined {
  return (text) => (form.test(text) ? text : undefined);
}

function orUndefined<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

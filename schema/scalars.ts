import { GraphQLScalarType } from 'graphql';
import {
  GraphQLEmailAddress,
  GraphQLHexColorCode,
  GraphQLJSONObject,
  GraphQLNonEmptyString,
} from 'graphql-scalars';
import { parseHttpUrl, parsePhone } from '../src/domain/contact.ts';
import { parseDateTime, parseInstant } from '../src/domain/time.ts';
import { parseTimeZone } from '../src/domain/time-zone.ts';

/** The problem of a value. GraphQL adds the value's place to this error only, not to its own. */
export class ScalarProblem extends Error {
  override readonly name = 'ScalarProblem';
}

/** @param parse returns the canonical text, or undefined if it rejects the text */
function textScalar(
  name: string,
  description: string,
  parse: (text: string) => string | undefined,
  problem: string,
): GraphQLScalarType<string, string> {
  return new GraphQLScalarType({
    name,
    description,
    serialize: (value) => String(value),
    parseValue(value) {
      if (typeof value !== 'string') throw new ScalarProblem('must be a string');
      const parsed = parse(value);
      if (parsed === undefined) throw new ScalarProblem(problem);
      return parsed;
    },
  });
}

/** The scalars of the schema beyond GraphQL's own, by name. */
export const scalars = {
  NonBlank: textScalar(
    'NonBlank',
    'A string with at least one character that is not white space.',
    (text) => orUndefined(() => GraphQLNonEmptyString.parseValue(text)),
    'must not be blank',
  ),
  EmailAddress: textScalar(
    'EmailAddress',
    'An e-mail address.',
    (text) => orUndefined(() => GraphQLEmailAddress.parseValue(text)),
    'is not an e-mail address',
  ),
  HexColorCode: textScalar(
    'HexColorCode',
    'A hex colour code, e.g. `#1a73e8`.',
    (text) => orUndefined(() => GraphQLHexColorCode.parseValue(text)),
    'is not a hex colour such as #1a73e8',
  ),
  HttpUrl: textScalar(
    'HttpUrl',
    'An absolute http or https URL, stored as it was sent.',
    parseHttpUrl,
    'is not an absolute http or https URL',
  ),
  PhoneNumber: textScalar(
    'PhoneNumber',
    'A phone number with its country code, stored in E.164, e.g. `+14155550132`.',
    parsePhone,
    'is not a phone number with a country code, such as +14155550132',
  ),
  TimeZone: textScalar(
    'TimeZone',
    'A time zone of the IANA database, e.g. `Europe/Berlin`.',
    parseTimeZone,
    'is not an IANA time zone such as Europe/Berlin',
  ),
  DateTime: textScalar(
    'DateTime',
    'A point in time in ISO-8601, e.g. `2026-07-01T00:00:00.000Z`.',
    parseDateTime,
    'is not a date and time in ISO-8601, such as 2026-07-01T00:00:00Z',
  ),
  Instant: textScalar(
    'Instant',
    'A point in time: ISO-8601 with an offset, a date in UTC, or milliseconds since 1970 as a string.',
    parseInstant,
    'is neither a point in time in ISO-8601, such as 2026-07-01T00:00:00Z, nor milliseconds since 1970',
  ),
  JSON: new GraphQLScalarType<unknown, unknown>({
    name: 'JSON',
    description: 'Any JSON value.',
  }),
  JSONObject: new GraphQLScalarType<JsonObject, JsonObject>({
    name: 'JSONObject',
    description: 'A JSON object with any content.',
    serialize: (value) => value as JsonObject,
    parseValue(value) {
      if (isObject(value)) return value;
      throw new ScalarProblem('must be an object');
    },
    parseLiteral: (node, variables) =>
      GraphQLJSONObject.parseLiteral(node, variables) as JsonObject,
  }),
};

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function orUndefined<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

import SchemaBuilder from '@pothos/core';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import type { GraphQLScalarType } from 'graphql';
import type { Context } from './context.ts';
import { EXTENSIONS } from './extensions.ts';
import { scalars } from './scalars.ts';

interface Text {
  Input: string;
  Output: string;
}

interface JsonObject {
  Input: Readonly<Record<string, unknown>>;
  Output: Readonly<Record<string, unknown>>;
}

interface TypesConfig {
  Context: Context;
  DefaultFieldNullability: false;
  Scalars: {
    ID: Text;
    Slug: Text;
    NonBlank: Text;
    EmailAddress: Text;
    HexColorCode: Text;
    HttpUrl: Text;
    PhoneNumber: Text;
    TimeZone: Text;
    DateTime: Text;
    Instant: Text;
    JSON: { Input: unknown; Output: unknown };
    JSONObject: JsonObject;
    CustomFields: JsonObject;
  };
}

/** The type parameters of the builder, for helpers. */
export type Types = (typeof builder)['$inferSchemaTypes'];

/**
 * The schema's builder. Fields are non-null unless they declare `nullable`. Rights are declared
 * with `may` (rights.ts); scope-auth enforces them.
 */
export const builder = new SchemaBuilder<TypesConfig>({
  plugins: [ScopeAuthPlugin, EXTENSIONS],
  defaultFieldNullability: false,
  // There are no named scopes: each field calls `refusal`, which alone decides.
  scopeAuth: { authScopes: () => ({}), authorizeOnSubscribe: true },
});

for (const [name, { type }] of Object.entries(scalars)) {
  builder.addScalarType(name as keyof typeof scalars, type as GraphQLScalarType);
}

builder.queryType({ description: 'The reads of the API.' });
builder.mutationType({ description: 'The writes of the API.' });

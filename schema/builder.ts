import SchemaBuilder from '@pothos/core';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
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
  };
}

/** What the builder's helpers are typed by. */
export type Types = (typeof builder)['$inferSchemaTypes'];

/**
 * The schema's builder. Fields are non-null unless they say otherwise, and
 * rights are declared with `may` (rights.ts), which scope-auth enforces.
 */
export const builder = new SchemaBuilder<TypesConfig>({
  plugins: [ScopeAuthPlugin, EXTENSIONS],
  defaultFieldNullability: false,
  // No named scopes: each field decides by `refusal`, the one place that does.
  scopeAuth: { authScopes: () => ({}), authorizeOnSubscribe: true },
});

for (const [name, scalar] of Object.entries(scalars)) {
  builder.addScalarType(name as keyof typeof scalars, scalar);
}

builder.queryType({ description: 'What may be read.' });
builder.mutationType({ description: 'What may be changed.' });

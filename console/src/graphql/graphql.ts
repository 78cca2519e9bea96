import { initGraphQLTada } from 'gql.tada';
import type { introspection } from '../generated/schema.d.ts';

/** A point in time, as ISO 8601. */
type IsoTime = string;

/**
 * Declares an operation or a fragment; its types follow from the schema. Operations are in files
 * named `queries.ts`: the build checks them against the schema and registers them as trusted.
 */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  disableMasking: true;
  scalars: {
    CustomFields: Readonly<Record<string, unknown>>;
    DateTime: IsoTime;
    EmailAddress: string;
    HexColorCode: string;
    HttpUrl: string;
    Instant: IsoTime;
    JSON: unknown;
    JSONObject: Readonly<Record<string, unknown>>;
    NonBlank: string;
    PhoneNumber: string;
    Slug: string;
    TimeZone: string;
  };
}>();

export type { ResultOf, TadaDocumentNode, VariablesOf } from 'gql.tada';

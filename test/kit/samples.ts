import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isRequiredInputField,
  Kind,
  parse,
  typeFromAST,
} from 'graphql';

const SCALARS: Readonly<Record<string, unknown>> = {
  ID: 'none',
  Slug: 'none',
  String: 'x',
  NonBlank: 'x',
  Int: 1,
  Float: 1,
  Boolean: true,
  HttpUrl: 'https://example.com/',
  EmailAddress: 'x@example.com',
  HexColorCode: '#ffffff',
  PhoneNumber: '+14155550132',
  TimeZone: 'Europe/Berlin',
  DateTime: '2099-01-01T00:00:00.000Z',
  Instant: '2099-01-01T00:00:00.000Z',
  JSONObject: {},
  CustomFields: {},
  JSON: {},
};

/** The smallest value that an input type accepts. */
export function sampleOf(type: GraphQLInputType): unknown {
  const bare = getNullableType(type);
  if (isListType(bare)) return [];
  if (isEnumType(bare)) return bare.getValues()[0]?.name;
  if (!isInputObjectType(bare)) {
    if (bare.name in SCALARS) return SCALARS[bare.name];
    throw new Error(`there is no sample of ${bare.name}`);
  }
  const required = Object.values(bare.getFields()).filter(isRequiredInputField);
  // One field if exactly one must be given, otherwise the required ones.
  const fields = bare.isOneOf ? Object.values(bare.getFields()).slice(0, 1) : required;
  return Object.fromEntries(fields.map((field) => [field.name, sampleOf(field.type)]));
}

/** Values for the required variables of an operation. */
export function sampleVariables(schema: GraphQLSchema, operation: string): Record<string, unknown> {
  const document: DocumentNode = parse(operation);
  const [definition] = document.definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
  const variables: Record<string, unknown> = {};
  for (const { variable, type: node } of definition.variableDefinitions ?? []) {
    if (node.kind !== Kind.NON_NULL_TYPE) continue;
    const type = typeFromAST(schema, node) as GraphQLInputType;
    variables[variable.name.value] = sampleOf(type);
  }
  return variables;
}

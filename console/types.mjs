import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { minifyIntrospection, outputIntrospectionFile } from '@gql.tada/internal';
import { buildSchema, introspectionFromSchema } from 'graphql';

// Writes the schema as a type, from which gql.tada infers the types of the console's queries. It is
// not committed: the check of the types writes it again.
const SDL = new URL('../schema/schema.graphql', import.meta.url);
const FOLDER = new URL('src/generated/', import.meta.url);

const schema = buildSchema(readFileSync(SDL, 'utf8'));
const introspection = introspectionFromSchema(schema, { descriptions: false });
mkdirSync(FOLDER, { recursive: true });
writeFileSync(
  new URL('schema.d.ts', FOLDER),
  outputIntrospectionFile(minifyIntrospection(introspection), {
    fileType: '.d.ts',
    shouldPreprocess: true,
  }),
);

import { readFileSync, writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchema } from '../schema/index.ts';

// Writes schema/schema.graphql. With --check it writes nothing and fails when the file is stale.
const file = 'schema/schema.graphql';
const printed = `${printSchema(lexicographicSortSchema(buildSchema()))}\n`;
if (!process.argv.includes('--check')) {
  writeFileSync(file, printed);
} else if (readFileSync(file, 'utf8') !== printed) {
  process.stderr.write(`${file} is stale: run npm run schema\n`);
  process.exitCode = 1;
}

import { readFileSync, writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchema } from '../schema/index.ts';
import { rightsTable } from './rights-table.ts';

// Writes what follows from the schema and is committed: schema/schema.graphql, and the rights of its
// fields for the console. With --check it writes nothing and fails when a file is stale.
const schema = lexicographicSortSchema(buildSchema());
const files = {
  'schema/schema.graphql': `${printSchema(schema)}\n`,
  'console/src/rights/table.ts': rightsTable(schema),
};
for (const [file, printed] of Object.entries(files)) {
  if (!process.argv.includes('--check')) {
    writeFileSync(file, printed);
  } else if (readFileSync(file, 'utf8') !== printed) {
    process.stderr.write(`${file} is stale: run npm run schema\n`);
    process.exitCode = 1;
  }
}

import { buildConsole } from './build.mjs';

// Fails if a query of the console does not fit the schema, or if the console cannot be built.
await buildConsole();

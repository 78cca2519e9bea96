import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { unitTests } from './scripts/unit-tests.ts';

const common = {
  // Vite resolves graphql's `module` entry, Node its `main`: that would load two copies of it.
  resolve: { alias: { graphql: fileURLToPath(import.meta.resolve('graphql')) } },
};
const node = {
  environment: 'node',
  isolate: false,
  maxWorkers: 2,
  pool: 'forks',
  setupFiles: 'test/kit/setup.ts',
  // Ends a test that hangs, on a machine that is ten times slower. No test has a limit of its own.
  testTimeout: 900_000,
  hookTimeout: 900_000,
  expect: { poll: { timeout: 300_000 } },
} as const;

export default defineConfig({
  test: {
    projects: [
      {
        ...common,
        test: {
          ...node,
          name: 'all',
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/alerts/**',
            'test/browser/**',
            'test/console/**',
            'test/differential/**',
            'test/faults/**',
            'test/parsers/**',
          ],
        },
      },
      // A part of `all`: pure functions, no store, no server, no other process.
      { ...common, test: { ...node, name: 'unit', include: unitTests() } },
      {
        ...common,
        test: {
          ...node,
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
        },
      },
      {
        ...common,
        test: {
          ...node,
          name: 'differential',
          include: ['test/differential/**/*.test.ts'],
        },
      },
      // Needs Python, whose packages it installs.
      { ...common, test: { ...node, name: 'parsers', include: ['test/parsers/**/*.test.ts'] } },
      // Needs promtool, which it unpacks from Debian's package.
      { ...common, test: { ...node, name: 'alerts', include: ['test/alerts/**/*.test.ts'] } },
      { ...common, test: { ...node, name: 'browser', include: ['test/browser/**/*.test.ts'] } },
      { ...common, test: { ...node, name: 'console', include: ['test/console/**/*.test.ts'] } },
    ],
  },
});

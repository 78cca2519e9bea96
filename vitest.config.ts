import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const common = {
  // Vite would take graphql's `module` entry, Node takes its `main`: two copies of one library.
  resolve: { alias: { graphql: fileURLToPath(import.meta.resolve('graphql')) } },
};
const node = {
  environment: 'node',
  isolate: false,
  maxWorkers: 2,
  pool: 'forks',
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 60_000 } },
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
          exclude: ['test/browser/**', 'test/faults/**'],
        },
      },
      {
        ...common,
        test: {
          ...node,
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          // They take the machine's time: side by side they would starve each other.
          fileParallelism: false,
          testTimeout: 180_000,
        },
      },
      { ...common, test: { ...node, name: 'browser', include: ['test/browser/**/*.test.ts'] } },
    ],
  },
});

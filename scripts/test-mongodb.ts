import { spawnSync } from 'node:child_process';
import { installSecantus, startSecantus } from '../test/kit/secantus.ts';

// Runs the store's contract, the API suite and the traces on the MongoDB that MONGODB_URL names. Without
// MONGODB_URL it installs and starts a MongoDB-compatible server first. Arguments select test
// files; --install only installs the server.
const args = process.argv.slice(2);
const files =
  args.length > 0
    ? args
    : ['test/store', 'test/records', 'test/changes', 'test/api', 'test/server/tracing.test.ts'];

function testOn(url: string): number {
  const { status, error } = spawnSync('npx', ['vitest', 'run', '--project', 'all', ...files], {
    stdio: 'inherit',
    env: { ...process.env, MONGODB_URL: url },
  });
  if (error) throw error;
  return status ?? 1;
}

async function testOnOwn(): Promise<number> {
  await installSecantus();
  if (args.includes('--install')) return 0;
  const server = await startSecantus();
  try {
    return testOn(server.url);
  } finally {
    await server.kill();
  }
}

const { MONGODB_URL } = process.env;
process.exitCode = MONGODB_URL ? testOn(MONGODB_URL) : await testOnOwn();

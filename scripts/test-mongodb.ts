import { spawnSync } from 'node:child_process';
import { installSecantus, startSecantus } from '../test/kit/secantus.ts';

// Runs the store's contract and the whole API suite on the MongoDB that
// MONGODB_URL names, or on one that is brought here for the purpose. With
// arguments, the test files that they name; with --install it only brings it.
const args = process.argv.slice(2);
const files = args.length > 0 ? args : ['test/store', 'test/records', 'test/api'];

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

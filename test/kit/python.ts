import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Installs Python packages in a virtual environment, unless they are installed.
 *
 * @param folder of the environment
 * @param packages by name, each with its version
 * @returns the environment's `python`
 * @throws Error if Python 3 or a package cannot be installed
 */
export async function pythonWith(
  folder: string,
  packages: Readonly<Record<string, string>>,
): Promise<string> {
  const python = `${folder}/bin/python`;
  const wanted = Object.entries(packages).map(([name, version]) => `${name}==${version}`);
  const frozen = existsSync(python) ? (await run(python, ['-m', 'pip', 'freeze'])).stdout : '';
  const installed = new Set(frozen.toLowerCase().split('\n'));
  if (wanted.every((one) => installed.has(one.toLowerCase()))) return python;
  await run('python3', ['-m', 'venv', folder]);
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  await run(python, [...install, ...wanted]);
  return python;
}

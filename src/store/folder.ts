import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreMisconfigured } from './port.ts';

/**
 * Makes the embedded store's folder, and those above it, where they are missing.
 *
 * @throws StoreMisconfigured when it cannot be made
 */
export function makeFolder(path: string): void {
  try {
    make(path);
  } catch (error) {
    throw new StoreMisconfigured(
      `the folder of STORE_URL cannot be used: ${(error as Error).message}`,
    );
  }
}

/** Node's own `recursive` never ends where the system takes no folders, as in `/proc`. */
function make(path: string): void {
  const above = dirname(path);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(path).isDirectory()) return;
    if (code !== 'ENOENT' || above === path) throw error;
    make(above);
    mkdirSync(path, { mode: 0o700 });
  }
}

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FILE = 'package.json';

/** This package's folder, from the sources as from the bundle. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, FILE))) {
    const above = dirname(folder);
    if (above === folder) throw new Error(`the package has no ${FILE} above its code`);
    folder = above;
  }
  return folder;
}

/** Whether this code is not bundled: it runs from its sources, as in tests. */
export function runsFromSources(): boolean {
  return import.meta.url.endsWith('.ts');
}

/** This package's version. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), FILE), 'utf8')) as {
    readonly version: string;
  };
  return version;
}

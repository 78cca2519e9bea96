import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CallFrame, groupOf, type Place } from './costs.ts';

/** Finds functions of the bundle in their sources, by the bundle's source maps. */
export function placesOfBundle(): (frame: CallFrame) => Place {
  const maps = new Map<string, SourceMap | undefined>();
  const mapOf = (file: string) => {
    if (!maps.has(file)) maps.set(file, readMap(file));
    return maps.get(file);
  };
  return ({ functionName, url, lineNumber, columnNumber }) => {
    if (/^\(.+\)$/.test(functionName)) return { name: functionName, group: functionName };
    if (url === '') {
      // Code that a library generates has a line, what is built in has none.
      const kind = lineNumber < 0 ? 'native' : 'generated';
      return { name: `${functionName} (${kind})`.trim(), group: undefined };
    }
    const name = functionName || `(line ${lineNumber + 1})`;
    if (!url.startsWith('file:')) return { name, group: url };
    const file = fileURLToPath(url);
    const entry = mapOf(file)?.findEntry(lineNumber, columnNumber);
    if (!entry || !('originalSource' in entry)) return { name, group: groupOf(inProject(file)) };
    const group = groupOf(inProject(join(dirname(file), entry.originalSource)));
    return { name: functionName || `(line ${entry.originalLine + 1})`, group };
  };
}

function readMap(file: string): SourceMap | undefined {
  const map = `${file}.map`;
  return existsSync(map) ? new SourceMap(JSON.parse(readFileSync(map, 'utf8'))) : undefined;
}

function inProject(file: string): string {
  return relative(process.cwd(), file);
}

import { readFileSync } from 'node:fs';

/** A row of the reference's tables of operations, or an operation beyond them, in routes.json. */
export interface Documented {
  readonly method: string;
  readonly path: string;
  readonly role: string | null;
  readonly scope: string | null;
  /** Needs no token. */
  readonly public?: boolean;
  readonly status: number;
  /** The reference does not have it. */
  readonly extension?: true;
}

/** Every documented operation. Expectations come from these rows, not from the code. */
export const documented = JSON.parse(
  readFileSync('test/contract/routes.json', 'utf8'),
) as readonly Documented[];

/** The same for every spelling of the path's parameters. */
export function operationName({ method, path }: { method: string; path: string }): string {
  return `${method} ${path.replace(/\{\w+\}/g, '{}')}`;
}

import { digestOf } from './encode.ts';
import { type FileDescription, NOTHING_ALLOWED } from './static-file.ts';

/** A file of a page, before it is built. */
export interface SourceFile extends FileDescription {
  readonly content: string | Buffer;
  /** See `Served`; such a page is an `AppPage`. */
  readonly below?: string;
}

const TYPES = {
  css: 'text/css',
  ico: 'image/x-icon',
  js: 'text/javascript',
  svg: 'image/svg+xml',
} as const satisfies Record<string, FileDescription['type']>;

/** The characters of a digest that a path contains. */
const NAME_LENGTH = 10;

/** A file that a page refers to. Its path contains a digest of its content. */
export function partOf(
  folder: string,
  name: string,
  extension: keyof typeof TYPES,
  content: string | Buffer,
): SourceFile {
  const digest = digestOf(content).slice(0, NAME_LENGTH);
  return {
    path: `${folder}/${name}.${digest}.${extension}`,
    type: TYPES[extension],
    policy: NOTHING_ALLOWED,
    immutable: true,
    content,
  };
}

/**
 * What a page may load: files of this server only.
 *
 * @param more further directives, or sources beside `'self'`
 */
export function pagePolicy(more: Readonly<Record<string, string>>): string {
  const directives = {
    'default-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    ...more,
  };
  return Object.entries(directives)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');
}

/** A page. Its path does not change with its content, because people know it. */
export function pageAt(path: string, policy: string, content: string): SourceFile {
  return { path, type: 'text/html', policy, immutable: false, content };
}

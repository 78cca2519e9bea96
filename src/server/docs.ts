import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { OpenApi } from '../../rest-compat/openapi/operation.ts';
import { PREFIX } from '../../rest-compat/router.ts';
import { type Answer, textAnswer } from '../http/answer.ts';
import { matchesNone } from '../http/conditions.ts';

const OPENAPI = `${PREFIX}/openapi.json`;
const DOCS = '/docs';

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Agent API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${DOCS}/swagger-ui.css">
<div id="docs"></div>
<script src="${DOCS}/swagger-ui-bundle.js"></script>
<script src="${DOCS}/init.js"></script>
</html>
`;
const INIT = `SwaggerUIBundle({
  url: '${OPENAPI}',
  dom_id: '#docs',
  deepLinking: true,
  filter: true,
  docExpansion: 'none',
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: true,
});
`;

/** The page takes what it is made of from here, and asks no other host. */
const HEADERS = {
  'Cache-Control': 'no-cache',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
} as const;

interface Asset {
  readonly type: string;
  read(): string | Promise<string>;
}

interface Made {
  readonly text: string;
  readonly etag: string;
}

const ETAG_LENGTH = 22;

/** The description of the REST paths, and a page to read and try it in, from files of a package. */
export class Docs {
  readonly #assets: ReadonlyMap<string, Asset>;
  readonly #made = new Map<string, Made>();

  /** @param describe makes the description; called when it is asked for, once */
  constructor(describe: () => OpenApi) {
    this.#assets = new Map<string, Asset>([
      [OPENAPI, { type: 'application/json', read: () => JSON.stringify(describe()) }],
      [DOCS, { type: 'text/html', read: () => PAGE }],
      [`${DOCS}/init.js`, { type: 'text/javascript', read: () => INIT }],
      [`${DOCS}/swagger-ui.css`, { type: 'text/css', read: () => packaged('swagger-ui.css') }],
      [
        `${DOCS}/swagger-ui-bundle.js`,
        { type: 'text/javascript', read: () => packaged('swagger-ui-bundle.js') },
      ],
    ]);
  }

  /** The paths that are answered here. */
  paths(): readonly string[] {
    return [...this.#assets.keys()];
  }

  has(path: string): boolean {
    return this.#assets.has(path);
  }

  /** Answers one of `paths`; anybody may read it. */
  async answer(path: string, request: IncomingMessage): Promise<Answer> {
    const asset = this.#assets.get(path);
    if (!asset) throw new RangeError(`there is no page ${path}`);
    const { text, etag } = this.#made.get(path) ?? (await this.#make(path, asset));
    const headers = { ...HEADERS, ETag: etag, 'Content-Type': `${asset.type}; charset=utf-8` };
    if (matchesNone(request.headers['if-none-match'], etag)) return { status: 304, headers };
    return textAnswer(200, text, headers);
  }

  async #make(path: string, asset: Asset): Promise<Made> {
    const text = await asset.read();
    const digest = createHash('sha256').update(text).digest('base64url');
    const made = { text, etag: `"${digest.slice(0, ETAG_LENGTH)}"` };
    this.#made.set(path, made);
    return made;
  }
}

function packaged(file: string): Promise<string> {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  return readFile(join(folder, file), 'utf8');
}

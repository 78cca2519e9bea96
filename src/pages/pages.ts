import type { IncomingMessage } from 'node:http';
import type { Answer } from '../http/answer.ts';
import { mediaTypeOf } from '../http/media-type.ts';
import type { MaybePromise } from '../store/bounds.ts';
import { ASSETS } from './console-paths.ts';
import type { FileDescription } from './static-file.ts';

/** What is served at a path, the same for everybody. */
export interface Served {
  readonly path: string;
  readonly type: FileDescription['type'];
  /** The folder, with a slash at its end, whose other paths it answers too. */
  readonly below?: string;
  answer(request: IncomingMessage): MaybePromise<Answer>;
}

/** The types of GraphQL's answers, which a client may prefer to a page at the same path. */
const DATA_TYPES = [
  'application/json',
  'application/graphql-response+json',
  'text/event-stream',
  'multipart/mixed',
] as const;

/** The way in for all that is served as it is: pages, the files that they load, OpenAPI. */
export class Pages {
  readonly #served = new Map<string, [Served, ...Served[]]>();
  readonly #below: (readonly [folder: string, path: string])[] = [];

  /** @param served the request's `Accept` chooses between those with the same path */
  constructor(served: readonly Served[]) {
    for (const one of served) {
      const others = this.#served.get(one.path);
      if (others) others.push(one);
      else this.#served.set(one.path, [one]);
      if (one.below !== undefined) this.#below.push([one.below, one.path]);
    }
  }

  has(path: string): boolean {
    return this.#at(path) !== undefined;
  }

  /** Answers a path that it has; anybody may read it. */
  answer(path: string, request: IncomingMessage): MaybePromise<Answer> {
    const served = this.#at(path);
    if (!served) throw new RangeError(`there is no page ${path}`);
    const [first, ...others] = served;
    const types = [first.type, ...others.map(({ type }) => type)] as const;
    const type = mediaTypeOf(request.headers.accept, types);
    return (others.find((it) => it.type === type) ?? first).answer(request);
  }

  #at(path: string): readonly [Served, ...Served[]] | undefined {
    const served = this.#served.get(path);
    if (served || path.startsWith(ASSETS)) return served;
    const below = this.#below.find(([folder]) => path.startsWith(folder));
    return below && this.#served.get(below[1]);
  }

  /** Whether a request for `/graphql` asks for GraphiQL: a browser's, without a query to run. */
  wantsGraphiql({ method, url = '', headers }: IncomingMessage): boolean {
    if (method === 'POST' || !headers.accept?.includes('text/html')) return false;
    if (mediaTypeOf(headers.accept, [...DATA_TYPES, 'text/html']) !== 'text/html') return false;
    return !new URL(url, 'http://localhost').searchParams.has('query');
  }
}

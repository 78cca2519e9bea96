import { DomainError, invalid } from '../domain/errors.ts';
import type { Collection, Doc, Page, Walk } from '../store/port.ts';
import type { PageTokens } from './page-token.ts';

/** A page as a caller asks for it. */
export interface PageRequest {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

export interface PageLimits {
  readonly default: number;
  readonly max: number;
}

const LIMITS: PageLimits = { default: 50, max: 200 };

/** A page whose positions can be told as tokens. */
export interface TokenPage<D> extends Page<D> {
  /** The token of a document's position in this query's results. */
  tokenOf(doc: D): string;
}

/** Turns page requests into walks, and positions into tokens. */
export class Pager {
  readonly #tokens: PageTokens;

  constructor(tokens: PageTokens) {
    this.#tokens = tokens;
  }

  /**
   * @param name the query's name, part of what its tokens are sealed to
   * @throws DomainError `request.invalid` on a limit out of range, `request.page_token`
   */
  async page<D extends Doc>(
    collection: Collection<D>,
    name: string,
    walk: Omit<Walk, 'limit' | 'after'>,
    request: PageRequest,
    limits: PageLimits = LIMITS,
  ): Promise<TokenPage<D>> {
    const query = JSON.stringify([name, walk.index, walk.eq, walk.from, walk.before, walk.reverse]);
    const limit = request.first ?? limits.default;
    if (limit < 1 || limit > limits.max) {
      throw invalid([{ path: 'first', message: `must be from 1 to ${limits.max}` }]);
    }
    const after = request.after == null ? undefined : this.#tokens.open(query, request.after);
    if (request.after != null && !after) {
      throw new DomainError('request.page_token', 'the page token is not one of this query', [
        { path: 'after', message: 'is not a token of this query' },
      ]);
    }
    const page = await collection.walk({ ...walk, limit, after });
    return { ...page, tokenOf: (doc) => this.#tokens.seal(query, page.cursorOf(doc)) };
  }
}

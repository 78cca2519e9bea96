import type { TokenPage } from '../src/paging/pager.ts';

/*
 * A document that a list reads in part looks like one whose other parts are unset. Tests
 * distinguish the two: there, a resolver that touches a part that was not read throws.
 */

/** A resolver touched a part of a document that the list did not read. */
export class UnreadPart extends Error {
  override readonly name = 'UnreadPart';

  constructor(type: string, part: string) {
    super(`a field of ${type} uses '${part}', which the list did not read: add it to its reads`);
  }
}

let throwing = false;

/** Called by the test kit: from here on, the pages of `guarded` throw `UnreadPart`. */
export function throwOnUnreadParts(): void {
  throwing = true;
}

/**
 * The page, whose documents throw `UnreadPart` in tests. Outside of tests it is the same page.
 *
 * @param type the name of the documents' type, for the message
 * @param parts the parts that the list was asked to read
 */
export function guarded<D extends object>(
  type: string,
  parts: readonly string[],
  page: Promise<TokenPage<D>>,
): Promise<TokenPage<D>> {
  return throwing ? page.then((it) => guardedPage(type, new Set(parts), it)) : page;
}

/** As `guarded`, of a single document. */
export function guardedDocument<D extends object>(
  type: string,
  parts: readonly string[],
  doc: D,
): D {
  return throwing ? guardOf(type, new Set(parts), doc) : doc;
}

function guardedPage<D extends object>(
  type: string,
  parts: ReadonlySet<string>,
  page: TokenPage<D>,
): TokenPage<D> {
  const read = new Map<D, D>();
  const docs = page.docs.map((doc) => {
    const guard = guardOf(type, parts, doc);
    read.set(guard, doc);
    return guard;
  });
  return { ...page, docs, tokenOf: (doc) => page.tokenOf(read.get(doc) ?? doc) };
}

function guardOf<D extends object>(type: string, parts: ReadonlySet<string>, doc: D): D {
  return new Proxy(doc, {
    get(target, name) {
      if (typeof name === 'string' && !(name in target) && !parts.has(name) && name !== 'then') {
        throw new UnreadPart(type, name);
      }
      return Reflect.get(target, name);
    },
  });
}

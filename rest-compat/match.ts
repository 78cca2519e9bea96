/** Path parameters, decoded. */
export type Params = Readonly<Record<string, string>>;

interface Node<T> {
  readonly literals: Map<string, Node<T>>;
  parameter?: { readonly name: string; readonly node: Node<T> };
  readonly methods: Map<string, T>;
}

export type Match<T> =
  | { readonly kind: 'found'; readonly row: T; readonly params: Params }
  | { readonly kind: 'method'; readonly allowed: readonly string[] }
  | { readonly kind: 'none' };

/**
 * Matches paths against templates such as `/orgs/{org}/agents/{agent}`, segment by segment. A
 * literal wins over a parameter if both match a row of the method: `POST /skills/import` is an
 * import, `GET /skills/import` returns the skill with that id.
 */
export class Matcher<T extends { readonly method: string; readonly path: string }> {
  readonly #root: Node<T> = { literals: new Map(), methods: new Map() };

  /** @throws Error when two rows have one method and path, or name one parameter differently */
  constructor(rows: readonly T[]) {
    for (const row of rows) this.#add(row);
  }

  /** @param path percent-encoded, without its query */
  match(method: string, path: string): Match<T> {
    const reached = [...reachedBy(this.#root, path.split('/').slice(1), {})];
    for (const { node, params } of reached) {
      const row = node.methods.get(method);
      if (row) return { kind: 'found', row, params };
    }
    const allowed = new Set(reached.flatMap(({ node }) => [...node.methods.keys()]));
    return allowed.size === 0 ? { kind: 'none' } : { kind: 'method', allowed: [...allowed] };
  }

  #add(row: T): void {
    let node = this.#root;
    for (const segment of row.path.split('/').slice(1)) {
      const name = /^\{(\w+)\}$/.exec(segment)?.[1];
      if (name === undefined) {
        const next = node.literals.get(segment) ?? { literals: new Map(), methods: new Map() };
        node.literals.set(segment, next);
        node = next;
        continue;
      }
      node.parameter ??= { name, node: { literals: new Map(), methods: new Map() } };
      if (node.parameter.name !== name) {
        throw new Error(`${row.path}: {${name}} is {${node.parameter.name}} in another route`);
      }
      node = node.parameter.node;
    }
    if (node.methods.has(row.method)) throw new Error(`${row.method} ${row.path} is routed twice`);
    node.methods.set(row.method, row);
  }
}

/** The nodes that match a path, literals first. */
function* reachedBy<T>(
  node: Node<T>,
  [segment, ...rest]: readonly string[],
  params: Params,
): Generator<{ readonly node: Node<T>; readonly params: Params }> {
  if (segment === undefined) {
    yield { node, params };
    return;
  }
  const literal = node.literals.get(segment);
  if (literal) yield* reachedBy(literal, rest, params);
  const value = node.parameter && decoded(segment);
  if (!node.parameter || !value) return;
  yield* reachedBy(node.parameter.node, rest, { ...params, [node.parameter.name]: value });
}

/** @returns undefined if the segment is not valid percent-encoding */
function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

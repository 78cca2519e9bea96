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
 * Matches paths against templates such as `/orgs/{org}/agents/{agent}`, segment
 * by segment; a literal wins over a parameter.
 */
export class Matcher<T extends { readonly method: string; readonly path: string }> {
  readonly #root: Node<T> = { literals: new Map(), methods: new Map() };

  /** @throws Error when two rows have one method and path, or name one parameter differently */
  constructor(rows: readonly T[]) {
    for (const row of rows) this.#add(row);
  }

  /** @param path as it came, still percent-encoded, without its query */
  match(method: string, path: string): Match<T> {
    const params: Record<string, string> = {};
    const node = this.#find(path, params);
    if (!node || node.methods.size === 0) return { kind: 'none' };
    const row = node.methods.get(method);
    if (row) return { kind: 'found', row, params };
    return { kind: 'method', allowed: [...node.methods.keys()] };
  }

  #find(path: string, params: Record<string, string>): Node<T> | undefined {
    let node: Node<T> | undefined = this.#root;
    for (const segment of path.split('/').slice(1)) {
      const literal: Node<T> | undefined = node.literals.get(segment);
      if (literal) {
        node = literal;
        continue;
      }
      const value = decoded(segment);
      if (!node.parameter || !value) return undefined;
      params[node.parameter.name] = value;
      node = node.parameter.node;
    }
    return node;
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

/** Undefined when the segment is not percent-encoded as it should be. */
function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

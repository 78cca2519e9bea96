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
    const reached: Reached<T>[] = [];
    reach({ node: this.#root, params: {} }, path.split('/'), 1, reached);
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

interface Reached<T> {
  readonly node: Node<T>;
  readonly params: Params;
}

/** Adds the nodes that match the segments of a path from the given one on, literals first. */
function reach<T>(
  { node, params }: Reached<T>,
  segments: readonly string[],
  from: number,
  reached: Reached<T>[],
): void {
  const segment = segments[from];
  if (segment === undefined) {
    reached.push({ node, params });
    return;
  }
  const literal = node.literals.get(segment);
  if (literal) reach({ node: literal, params }, segments, from + 1, reached);
  const { parameter } = node;
  const value = parameter && decoded(segment);
  if (!parameter || !value) return;
  const added = { ...params, [parameter.name]: value };
  reach({ node: parameter.node, params: added }, segments, from + 1, reached);
}

/** @returns undefined if the segment is not valid percent-encoding */
function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { DomainError } from '../domain/errors.ts';

/** Fields and fragments of all operations, with fragments written out. */
const MAX_SELECTIONS = 5_000;
/** Fields that are answered at one place: each is compared with each other before they are merged. */
const MAX_MERGED = 50;
const MAX_FRAGMENTS = 100;
/** Places where a fragment is spread. */
const MAX_SPREADS = 500;
/** Selections, one in the other, with fragments written out. */
const MAX_LEVELS = 200;

/**
 * How many fields and fragments a document selects, with fragments written out.
 *
 * @throws DomainError `request.too_complex` on a document that takes long to validate,
 *   `request.invalid` on a fragment that contains itself
 */
export function countSelections(document: DocumentNode): number {
  assertFewFragments(document);
  const counter = new Counter(document);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) counter.count([definition.selectionSet], 1);
  }
  return counter.selections;
}

class Counter {
  selections = 0;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();

  constructor(document: DocumentNode) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        this.#fragments.set(definition.name.value, definition);
      }
    }
  }

  /** @param sets selections that are answered at one place */
  count(sets: readonly SelectionSetNode[], level: number): void {
    if (level > MAX_LEVELS) {
      throw tooComplex(`nest at most ${MAX_LEVELS} levels, with its fragments written out`);
    }
    const byKey = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    for (const set of sets) this.#collect(set, byKey, spread);
    for (const fields of byKey.values()) {
      if (fields.length > MAX_MERGED) {
        throw tooComplex(`ask for one field at most ${MAX_MERGED} times at one place`);
      }
      const inner = fields.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (inner.length > 0) this.count(inner, level + 1);
    }
  }

  #collect(
    { selections }: SelectionSetNode,
    byKey: Map<string, FieldNode[]>,
    spread: Set<string>,
  ): void {
    for (const selection of selections) {
      this.selections += 1;
      if (this.selections > MAX_SELECTIONS) {
        throw tooComplex(`select at most ${MAX_SELECTIONS} fields, with its fragments written out`);
      }
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const before = byKey.get(key);
        if (before) before.push(selection);
        else byKey.set(key, [selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        this.#collect(selection.selectionSet, byKey, spread);
      } else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = this.#fragments.get(selection.name.value);
        if (fragment) this.#collect(fragment.selectionSet, byKey, spread);
      }
    }
  }
}

/** Validation goes through fragments, and through pairs of them, by recursion. */
function assertFewFragments(document: DocumentNode): void {
  const spreadsOf = new Map<string, string[]>();
  let spreads = 0;
  for (const definition of document.definitions) {
    const names: string[] = [];
    visit(definition, { FragmentSpread: ({ name }) => void names.push(name.value) });
    spreads += names.length;
    if (definition.kind === Kind.FRAGMENT_DEFINITION) spreadsOf.set(definition.name.value, names);
  }
  if (spreadsOf.size > MAX_FRAGMENTS) throw tooComplex(`define at most ${MAX_FRAGMENTS} fragments`);
  if (spreads > MAX_SPREADS) throw tooComplex(`spread fragments at most ${MAX_SPREADS} times`);
  const done = new Set<string>();
  const follow = (name: string, within: readonly string[]): void => {
    if (within.includes(name)) {
      throw new DomainError('request.invalid', `the fragment '${name}' contains itself`);
    }
    if (done.has(name)) return;
    for (const inner of spreadsOf.get(name) ?? []) follow(inner, [...within, name]);
    done.add(name);
  };
  for (const name of spreadsOf.keys()) follow(name, []);
}

function tooComplex(rule: string): DomainError {
  return new DomainError('request.too_complex', `a document may ${rule}`);
}

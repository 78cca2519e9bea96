import { storable } from './documents.ts';
import { mergedIncrements } from './increments.ts';
import { assertIndexable } from './indexes.ts';
import type { CollectionSpec, Doc, Increment } from './port.ts';

/**
 * What `Store.commit` is given. A write is checked when it is constructed; nothing else
 * constructs one, so a back end meets none that it could refuse.
 */
export type Write = Insert | Replace | Delete | Incrementation;

/** Of the document: @throws RangeError as `assertIndexable`, IllFormedDocument */
function checked<D extends Doc>(spec: CollectionSpec<D>, doc: D): D {
  assertIndexable(spec, doc);
  return storable(doc);
}

export class Insert {
  readonly verb = 'insert';
  readonly collection: string;
  readonly doc: Doc;

  constructor(spec: CollectionSpec, doc: Doc) {
    this.collection = spec.name;
    this.doc = checked(spec, doc);
  }

  get key(): string {
    return this.doc.key;
  }
}

export class Replace {
  readonly verb = 'replace';
  readonly collection: string;
  readonly doc: Doc;
  readonly ifVersion: number;

  constructor(spec: CollectionSpec, doc: Doc, ifVersion: number) {
    this.collection = spec.name;
    this.doc = checked(spec, doc);
    this.ifVersion = ifVersion;
  }

  get key(): string {
    return this.doc.key;
  }
}

export class Delete {
  readonly verb = 'delete';
  readonly collection: string;
  readonly key: string;
  readonly ifVersion: number | undefined;

  constructor(spec: CollectionSpec, key: string, ifVersion: number | undefined) {
    this.collection = spec.name;
    this.key = key;
    this.ifVersion = ifVersion;
  }
}

export class Incrementation {
  readonly verb = 'increment';
  readonly collection: string;
  readonly increment: Increment;

  constructor(spec: CollectionSpec, increment: Increment) {
    const { key, init, min, max } = increment;
    // A later increment of the same document may still make an index field too long, in a
    // minimum or a maximum: the index is checked with the values of each by itself.
    assertIndexable(spec, { ...init, ...min, key, version: 0 });
    assertIndexable(spec, { ...init, ...max, key, version: 0 });
    this.collection = spec.name;
    this.increment = storable(increment);
  }

  get key(): string {
    return this.increment.key;
  }
}

/** The writes of one commit, each with its index in the list that `commit` was given. */
export interface Batch {
  /** The collections that are written to. */
  readonly collections: readonly string[];
  readonly conditional: readonly (readonly [index: number, write: Insert | Replace | Delete])[];
  /** Per collection, one for each document. */
  readonly increments: ReadonlyMap<string, readonly Increment[]>;
}

/** @throws RangeError when two writes name one document, unless both are increments */
export function batchOf(writes: readonly Write[]): Batch {
  const conditional: [number, Insert | Replace | Delete][] = [];
  const incremented = new Map<string, Increment[]>();
  const written = new Set<string>();
  const named = (write: Write) => `${write.collection} ${write.key}`;
  for (const [i, write] of writes.entries()) {
    if (write.verb === 'increment') {
      const list = incremented.get(write.collection);
      if (list) list.push(write.increment);
      else incremented.set(write.collection, [write.increment]);
      continue;
    }
    conditional.push([i, write]);
    if (written.has(named(write))) throw namedTwice(write);
    written.add(named(write));
  }
  const increments = new Map<string, readonly Increment[]>();
  for (const [collection, list] of incremented) increments.set(collection, mergedIncrements(list));
  for (const write of writes) {
    if (write.verb === 'increment' && written.has(named(write))) throw namedTwice(write);
  }
  const collections = [...new Set(writes.map(({ collection }) => collection))];
  return { collections, conditional, increments };
}

function namedTwice({ collection, key }: Write): RangeError {
  return new RangeError(`two writes of one commit name the document '${key}' of ${collection}`);
}

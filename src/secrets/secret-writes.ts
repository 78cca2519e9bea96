import type { Collection } from '../store/port.ts';
import type { Write } from '../store/writes.ts';
import type { SealedDoc } from './sealed.ts';

/** A secret of an owner, as stored. Its key is `owner/id`; documents of the owner refer to it by its id. */
export interface OwnedSecretDoc extends SealedDoc {
  readonly owner: string;
  readonly id: string;
}

export function ownedKey(owner: string, id: string): string {
  return `${owner}/${id}`;
}

/** What a change of a document does to the secrets that it refers to. */
export interface SecretsChange<D> {
  readonly owner: string;
  /** The ids that the document refers to. */
  readonly before: Iterable<string>;
  readonly after: Iterable<string>;
  /** Sealed for this change. */
  readonly sealed?: readonly D[];
}

/**
 * The writes that belong in the commit of the change: secrets that were sealed for it and that
 * the document refers to are inserted, those that it no longer refers to are deleted. So every
 * secret that is referred to exists, and no other does, whatever fails.
 */
export function secretWrites<D extends OwnedSecretDoc>(
  secrets: Collection<D>,
  { owner, before, after, sealed = [] }: SecretsChange<D>,
): readonly Write[] {
  const kept = new Set(after);
  const old = new Set(before);
  return [
    ...sealed.filter(({ id }) => kept.has(id) && !old.has(id)).map((doc) => secrets.toInsert(doc)),
    ...[...old].filter((id) => !kept.has(id)).map((id) => secrets.toDelete(ownedKey(owner, id))),
  ];
}

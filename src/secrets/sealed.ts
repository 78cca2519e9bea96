import { type CollectionSpec, collectionSpec, type Doc, type IndexSpec } from '../store/port.ts';
import type { Sealed } from './keyring.ts';

/** A document with a sealed text in it, in the clear nowhere. Its place is its key. */
export interface SealedDoc extends Doc, Sealed {}

/** Declares a collection of sealed documents, so that `rotate` finds those of another key. */
export function sealedSpec<D extends SealedDoc>(
  name: string,
  indexes: Readonly<Record<string, IndexSpec>>,
): CollectionSpec<D> {
  return collectionSpec<D>(name, { ...indexes, byKid: { eq: [], order: 'kid' } });
}

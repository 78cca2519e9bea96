import type { Collection } from '../store/port.ts';
import type { Work } from '../work.ts';
import type { Keyring } from './keyring.ts';
import type { SealedDoc } from './sealed.ts';

/** The collections whose documents are sealed. */
export type SealedCollections = readonly Pick<Collection<SealedDoc>, 'scan'>[];

/**
 * The key ids of all sealed documents, from the indexes alone: one scan of one entry for each
 * key and collection, however many documents there are.
 */
export async function keysInUse(work: Work, collections: SealedCollections): Promise<Set<string>> {
  const kids = new Set<string>();
  for (const collection of collections) {
    let from: string | undefined;
    for (;;) {
      const scan = { index: 'byKid', eq: [], from, limit: 1, fields: ['kid'] };
      const [found] = (await collection.scan(work, scan)).docs;
      if (!found) break;
      kids.add(found.kid);
      // Key ids have one length: the first text behind this one.
      from = `${found.kid}0`;
    }
  }
  return kids;
}

/** The ids of the keys that are in use and missing from the ring, sorted. */
export function missingKeys(kids: ReadonlySet<string>, keyring: Keyring): readonly string[] {
  return [...kids].filter((kid) => !keyring.has(kid)).sort();
}

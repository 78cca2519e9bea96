import type { Collection, Cursor, Store } from '../store/port.ts';
import type { Work } from '../work.ts';
import { type Keyring, SecretUnreadable } from './keyring.ts';
import type { SealedDoc } from './sealed.ts';

export interface RotationProgress {
  readonly done: number;
  readonly total: number;
}

export interface RotationResult {
  readonly reencrypted: number;
  /** The keys of the documents that no key in use opens. */
  readonly unreadable: readonly string[];
}

const BATCH = 100;

/** Seals every secret under the current key, while servers read and write them. */
export class SecretRotation {
  readonly #store: Pick<Store, 'commit'>;
  readonly #collections: readonly Collection<SealedDoc>[];
  readonly #keyring: Keyring;

  constructor(
    store: Pick<Store, 'commit'>,
    collections: readonly Collection<SealedDoc>[],
    keyring: Keyring,
  ) {
    this.#store = store;
    this.#collections = collections;
    this.#keyring = keyring;
  }

  /**
   * Re-encrypts what another key sealed. What is done stays done: after an
   * interruption the next run continues with what is left.
   */
  async run(work: Work, onProgress: (progress: RotationProgress) => void): Promise<RotationResult> {
    let total = 0;
    await this.#eachForeign(work, ['kid'], async (_, docs) => {
      total += docs.length;
    });
    let reencrypted = 0;
    const unreadable: string[] = [];
    onProgress({ done: 0, total });
    await this.#eachForeign(work, undefined, async (collection, docs) => {
      const outcomes = await Promise.all(docs.map((doc) => this.#reseal(work, collection, doc)));
      outcomes.forEach((outcome, i) => {
        if (outcome === 'unreadable') unreadable.push(docs[i]?.key ?? '');
        else reencrypted += 1;
      });
      onProgress({ done: reencrypted + unreadable.length, total });
    });
    return { reencrypted, unreadable };
  }

  /** What is written meanwhile is left as it is: it is under its writer's key, and the next run finds it if that is not ours. */
  async #reseal(
    work: Work,
    collection: Collection<SealedDoc>,
    doc: SealedDoc,
  ): Promise<'resealed' | 'unreadable'> {
    try {
      const text = await this.#keyring.open(doc, doc.key);
      const sealed = await this.#keyring.seal(text, doc.key);
      const next = { ...doc, ...sealed, version: doc.version + 1 };
      await this.#store.commit(work, [collection.toReplace(next, doc.version)]);
      return 'resealed';
    } catch (error) {
      if (error instanceof SecretUnreadable) return 'unreadable';
      throw error;
    }
  }

  async #eachForeign(
    work: Work,
    fields: readonly string[] | undefined,
    visit: (collection: Collection<SealedDoc>, docs: readonly SealedDoc[]) => Promise<void>,
  ): Promise<void> {
    const { kid } = this.#keyring;
    // Key ids are of one length: everything below ours, and everything above.
    for (const range of [{ before: kid }, { from: `${kid}0` }]) {
      for (const collection of this.#collections) {
        let after: Cursor | undefined;
        do {
          const page = await collection.scan(work, {
            index: 'byKid',
            eq: [],
            ...range,
            limit: BATCH,
            after,
            fields,
          });
          await visit(collection, page.docs);
          const last = page.docs.at(-1);
          after = page.more && last ? page.cursorOf(last) : undefined;
        } while (after);
      }
    }
  }
}

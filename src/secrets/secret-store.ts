import type { Effects } from '../domain/effects.ts';
import { purgeAll } from '../records/purge.ts';
import type { Collection } from '../store/port.ts';
import type { Work } from '../work.ts';
import type { Keyring } from './keyring.ts';
import { type SealedDoc, sealedSpec } from './sealed.ts';

/** As stored. The key is `owner/id`. Written once: a new value is a new secret. */
export interface SecretDoc extends SealedDoc {
  /** Whose it is, e.g. an agent's `ownerKey`. */
  readonly owner: string;
  /** Which part of the owner refers to it, e.g. `toolBindings`. */
  readonly holder: string;
  readonly id: string;
  readonly createdAt: string;
}

export const SECRETS = sealedSpec<SecretDoc>('secrets', {
  byHolder: { eq: ['owner', 'holder'], order: 'createdAt' },
  byOwner: { eq: ['owner'], order: 'createdAt' },
});

/** Longer than any write takes: what nobody refers to by then, nobody will. */
const GRACE_MS = 3_600_000;
/** More than the parts of one agent have secrets. */
const BATCH = 1_000;

/**
 * Secrets at rest, apart from the documents that refer to them.
 *
 * A secret is never changed in place. Whoever gives a value adds a secret,
 * then writes the document that refers to it, then removes the secret that it
 * replaced. So whatever dies in between, a document refers to a value that is
 * there and is the one it was written with; what is left over is a secret that
 * nothing refers to, and `sweep` finds it.
 */
export class SecretStore {
  readonly #secrets: Collection<SecretDoc>;
  readonly #keyring: Keyring;
  readonly #effects: Effects;

  constructor(secrets: Collection<SecretDoc>, keyring: Keyring, effects: Effects) {
    this.#secrets = secrets;
    this.#keyring = keyring;
    this.#effects = effects;
  }

  /** @returns the id by which the owner refers to it */
  async add(work: Work, owner: string, holder: string, value: string): Promise<string> {
    const id = `sec_${this.#effects.uid()}`;
    const key = keyOf(owner, id);
    const sealed = await this.#keyring.seal(value, key);
    const createdAt = this.#effects.now().toISOString();
    await this.#secrets.insert(work, { ...sealed, key, version: 1, owner, holder, id, createdAt });
    return id;
  }

  /**
   * For whoever uses the secret; never for an answer.
   *
   * @returns undefined when there is none of that id
   * @throws SecretUnreadable
   */
  async read(work: Work, owner: string, id: string): Promise<string | undefined> {
    const doc = await this.#secrets.get(work, keyOf(owner, id));
    return doc && this.#keyring.open(doc, doc.key);
  }

  async remove(work: Work, owner: string, ids: Iterable<string>): Promise<void> {
    await Promise.all([...ids].map((id) => this.#secrets.delete(work, keyOf(owner, id))));
  }

  /**
   * Removes what a write that died left behind: secrets of the holder that
   * nothing refers to, older than any write under way.
   *
   * @param referred the ids that the holder refers to; asked after the old secrets were found
   */
  async sweep(
    work: Work,
    owner: string,
    holder: string,
    referred: () => Promise<ReadonlySet<string>>,
  ): Promise<void> {
    const before = new Date(this.#effects.now().getTime() - GRACE_MS).toISOString();
    const old = { index: 'byHolder', eq: [owner, holder], before, limit: BATCH, fields: ['id'] };
    const { docs } = await this.#secrets.scan(work, old);
    if (docs.length === 0) return;
    const kept = await referred();
    const left = docs.map(({ id }) => id).filter((id) => !kept.has(id));
    await this.remove(work, owner, left);
  }

  /** Removes everything of an owner that is gone. */
  async purge(work: Work, owner: string): Promise<void> {
    await purgeAll(work, this.#secrets, 'byOwner', [owner]);
  }
}

function keyOf(owner: string, id: string): string {
  return `${owner}/${id}`;
}

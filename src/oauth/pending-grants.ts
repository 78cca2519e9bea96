import { createHash } from 'node:crypto';
import { generateRandomCodeVerifier, generateRandomState } from 'oauth4webapi';
import type { AgentKey } from '../agents/collection.ts';
import type { Purge } from '../changes/purge.ts';
import type { Actor } from '../domain/origin.ts';
import type { Keyring, Sealed } from '../secrets/keyring.ts';
import { type Collection, collectionSpec, type Doc, type Store } from '../store/port.ts';
import type { Work } from '../work.ts';
import type { GrantSecrets } from './provider-client.ts';

/** What a grant is for. */
export interface GrantPurpose {
  readonly agent: AgentKey;
  /** The `ownerKey` of the agent. */
  readonly owner: string;
  readonly toolId: string;
  readonly provider: string;
  readonly returnTo?: string;
  /** Who began it, and is the author of the change that completes it. */
  readonly actor: Actor;
}

/** A grant that was begun. The key is a hash of its `state`: who reads the store cannot complete it. */
export interface PendingGrantDoc extends Doc, GrantPurpose {
  readonly redirectUri: string;
  /** The PKCE verifier. */
  readonly verifier: Sealed;
  readonly expiresAt: string;
}

export const PENDING_GRANTS = collectionSpec<PendingGrantDoc>('oauthGrants', {
  byExpiry: { eq: [], order: 'expiresAt' },
  byOwner: { eq: ['owner'], order: 'expiresAt' },
});

/** A grant that the browser came back with. */
export interface TakenGrant extends GrantPurpose, GrantSecrets {
  readonly expired: boolean;
}

const LIFE_MS = 600_000;
/** An expired one is kept for so long, so that the operator learns what happened. */
const AFTERLIFE_MS = 3_600_000;
const SWEPT_AT_ONCE = 20;

/** Grants between their start and the browser's return; each can be taken once. */
export class PendingGrants {
  readonly #store: Pick<Store, 'commit'>;
  readonly #collection: Collection<PendingGrantDoc>;
  readonly #keyring: Keyring;
  readonly #now: () => Date;

  constructor(
    store: Pick<Store, 'commit'>,
    collection: Collection<PendingGrantDoc>,
    keyring: Keyring,
    now: () => Date,
  ) {
    this.#store = store;
    this.#collection = collection;
    this.#keyring = keyring;
    this.#now = now;
  }

  async begin(work: Work, purpose: GrantPurpose, redirectUri: string): Promise<GrantSecrets> {
    const grant = {
      state: generateRandomState(),
      verifier: generateRandomCodeVerifier(),
      redirectUri,
    };
    const key = keyOf(grant.state);
    const doc: PendingGrantDoc = {
      ...purpose,
      key,
      version: 1,
      redirectUri,
      verifier: await this.#keyring.seal(grant.verifier, key),
      expiresAt: new Date(this.#now().getTime() + LIFE_MS).toISOString(),
    };
    const old = await this.#expired(work);
    await this.#store.commit(work, [
      this.#collection.toInsert(doc),
      ...old.map(({ key }) => this.#collection.toDelete(key)),
    ]);
    return grant;
  }

  /** The grant of a `state`, once; undefined for one that was taken, and for none of ours. */
  async take(work: Work, state: string): Promise<TakenGrant | undefined> {
    const doc = await this.#collection.get(work, keyOf(state));
    if (!doc) return undefined;
    const taken = await this.#store.commit(work, [this.#collection.toDelete(doc.key, doc.version)]);
    // Of two that take it at once, one deletes it.
    if (!taken.committed) return undefined;
    const { agent, owner, toolId, provider, actor, returnTo, redirectUri } = doc;
    return {
      agent,
      owner,
      toolId,
      provider,
      actor,
      redirectUri,
      state,
      verifier: await this.#keyring.open(doc.verifier, doc.key),
      expired: doc.expiresAt <= this.#now().toISOString(),
      ...(returnTo !== undefined && { returnTo }),
    };
  }

  purge(purge: Purge, owner: string): Promise<void> {
    return purge(this.#collection, 'byOwner', [owner]);
  }

  /** Each start clears more than it adds. */
  async #expired(work: Work): Promise<readonly PendingGrantDoc[]> {
    const before = new Date(this.#now().getTime() - AFTERLIFE_MS).toISOString();
    const old = { index: 'byExpiry', eq: [], before, limit: SWEPT_AT_ONCE, fields: [] };
    return (await this.#collection.scan(work, old)).docs;
  }
}

function keyOf(state: string): string {
  return createHash('sha256').update(state).digest('base64url');
}

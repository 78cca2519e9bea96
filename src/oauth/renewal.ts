import { setTimeout as sleep } from 'node:timers/promises';
import { needsRenewal } from '../domain/oauth.ts';
import type { Patch } from '../domain/patch.ts';
import { KeyedQueue } from '../records/keyed-queue.ts';
import { SecretUnreadable } from '../secrets/keyring.ts';
import { StoreUnavailable } from '../store/port.ts';
import { toTheEnd, type Work } from '../work.ts';
import type { CommitCredential, CredentialDoc, CredentialStore } from './credentials.ts';
import { OAuthFailure } from './failure.ts';
import type { ProviderClient, Tokens } from './provider-client.ts';

/** Longer than a renewal takes. */
const LEASE_MS = 30_000;
/** After a renewal that failed, so that reads do not wait for a provider that is down. */
const RETRY_MS = 30_000;
const POLL_MS = 100;
const MAX_POLLS = 50;
const SETTLE_AGAIN_MS = 1_000;
const MAX_SETTLES = 5;

/**
 * Renews access tokens, one renewal of a credential at a time over all
 * processes: a provider that rotates refresh tokens takes a second use of one
 * for a theft, and ends the grant.
 */
export class Renewal {
  readonly #credentials: CredentialStore;
  readonly #clientOf: (provider: string) => ProviderClient;
  readonly #now: () => Date;
  readonly #queue = new KeyedQueue();

  /** @param clientOf throws `OAuthFailure` for a provider that is not configured */
  constructor(
    credentials: CredentialStore,
    clientOf: (provider: string) => ProviderClient,
    now: () => Date,
  ) {
    this.#credentials = credentials;
    this.#clientOf = clientOf;
    this.#now = now;
  }

  /**
   * The credential, renewed where it has to be and can be; undefined when it was removed.
   *
   * @param lose commits the state in which the provider has ended the grant
   */
  async current(
    work: Work,
    credential: CredentialDoc,
    lose: CommitCredential,
  ): Promise<CredentialDoc | undefined> {
    if (!needsRenewal(credential, this.#now())) return credential;
    // The provider may have taken the refresh token already: what it gave must be written.
    return toTheEnd(work, (work) =>
      this.#queue.run(credential.key, () => this.#renewed(work, credential.key, lose)),
    );
  }

  async #renewed(
    work: Work,
    key: string,
    lose: CommitCredential,
  ): Promise<CredentialDoc | undefined> {
    let credential = await this.#credentials.find(work, key);
    for (let poll = 0; poll < MAX_POLLS; poll += 1) {
      if (!credential || !needsRenewal(credential, this.#now())) return credential;
      const now = this.#now();
      const free = (credential.renewingUntil ?? '') <= now.toISOString();
      const renewingUntil = new Date(now.getTime() + LEASE_MS).toISOString();
      if (free && (await this.#credentials.replace(work, credential, { renewingUntil }))) {
        return this.#renew(work, credential, lose);
      }
      if (!free) await sleep(POLL_MS);
      credential = await this.#credentials.find(work, key);
    }
    return credential;
  }

  async #renew(
    work: Work,
    credential: CredentialDoc,
    lose: CommitCredential,
  ): Promise<CredentialDoc | undefined> {
    const { key, provider } = credential;
    let tokens: Tokens;
    try {
      const { refreshToken } = await this.#credentials.tokens(credential);
      if (refreshToken === undefined)
        throw new OAuthFailure('no_refresh_token', 'no refresh token');
      tokens = await this.#clientOf(provider).refresh(work.origin, refreshToken);
    } catch (error) {
      const trouble = this.#trouble(error);
      const commit = trouble.revoked ? lose : undefined;
      return this.#credentials.settle(work, key, trouble, undefined, commit);
    }
    return this.#settle(work, key, tokens);
  }

  /** The provider gives tokens once: a store that fails is asked again, as long as the lease holds. */
  async #settle(work: Work, key: string, tokens: Tokens): Promise<CredentialDoc | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#credentials.settle(
          work,
          key,
          { lastError: null, retryAt: null },
          tokens,
        );
      } catch (error) {
        if (!(error instanceof StoreUnavailable) || attempt === MAX_SETTLES) throw error;
        await sleep(SETTLE_AGAIN_MS);
      }
    }
  }

  #trouble(error: unknown): Patch<CredentialDoc> {
    if (error instanceof OAuthFailure && error.reason === 'invalid_grant') {
      return { revoked: true, lastError: 'the provider says that the grant is no longer valid' };
    }
    if (!(error instanceof OAuthFailure) && !(error instanceof SecretUnreadable)) throw error;
    const retryAt = new Date(this.#now().getTime() + RETRY_MS).toISOString();
    const lastError =
      error instanceof OAuthFailure ? error.message : 'the stored credential cannot be decrypted';
    return { lastError, retryAt };
  }
}

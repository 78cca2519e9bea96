import type { Principal } from '../auth/principal.ts';
import { DomainError, invalid } from '../domain/errors.ts';
import type { Services } from '../services.ts';
import type { Work } from '../work.ts';

const PREFIX = 'sha256:';

/**
 * Operations that a build of a client has registered. Every client may name one by its hash in
 * place of sending it. Tokens of an org that asks for it may execute no other.
 */
export class TrustedDocuments {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #known: ReadonlySet<string>;
  readonly #orgs: Services['orgs'];

  /** @param texts by the hexadecimal SHA-256 of each */
  constructor(texts: ReadonlyMap<string, string>, orgs: Services['orgs']) {
    this.#texts = texts;
    this.#known = new Set(texts.values());
    this.#orgs = orgs;
  }

  /**
   * The document of an id: `sha256:` and the hash.
   *
   * @throws DomainError `request.invalid`
   */
  textOf(documentId: string): string {
    const hash = documentId.startsWith(PREFIX) ? documentId.slice(PREFIX.length) : documentId;
    const text = this.#texts.get(hash.toLowerCase());
    if (text === undefined) {
      throw invalid([{ path: 'documentId', message: 'is not the id of a trusted document' }]);
    }
    return text;
  }

  /** @throws DomainError `request.document_not_trusted` */
  async assertMayExecute(work: Work, principal: Principal | null, text: string): Promise<void> {
    if (!principal || this.#known.has(text)) return;
    const orgs = await this.#orgs.trustsDocumentsOnly(work, [...principal.memberships.keys()]);
    if (orgs.length === 0) return;
    throw new DomainError(
      'request.document_not_trusted',
      `tokens of the org '${orgs[0]}' may execute trusted documents only, and this is none`,
    );
  }
}

import { type Role, SCOPES, type Scope, scopesOfRole } from '../../src/auth/rights.ts';
import { DomainError } from '../../src/domain/errors.ts';
import { OIDC_CLIENT, type OidcServer } from '../kit/oidc.ts';
import { API_KEY, type RunningProcess, startProcess } from '../kit/process.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { logOf, messageOf } from '../kit/traffic.ts';
import { WORK } from '../kit/work.ts';
import { type Resolved, type Served, serve } from './doors.ts';
import type { Call } from './history.ts';

/** A store that two processes serve: one keeps answers, the other executes every request. */
export interface Site {
  readonly kept: Served;
  readonly fresh: Served;
  /** Serves the store too, and does what has no route. */
  readonly admin: TestServer;
  readonly oidc: OidcServer;
  stop(): Promise<void>;
}

/** @param store its `STORE_URL`, and what else its processes need */
export async function startSite(
  oidc: OidcServer,
  store: Readonly<Record<string, string>>,
): Promise<Site> {
  const environment = {
    SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
    OIDC_ISSUER: oidc.issuer,
    OIDC_AUDIENCE: OIDC_CLIENT.id,
    WEBHOOK_ALLOW_PRIVATE: '1',
    BOOTSTRAP_API_KEY: API_KEY,
    DEMO_DATA: '0',
    // A busy machine changes no answer.
    MAX_LOOP_DELAY_MS: '60000',
    REQUEST_TIMEOUT_MS: '60000',
    ...store,
  };
  const admin = await startTestServer(environment);
  const processes: RunningProcess[] = [];
  for (const ANSWER_CACHE_BYTES of ['67108864', '1']) {
    const settings = { ...environment, ANSWER_CACHE_BYTES, LOG_LEVEL: 'info' };
    processes.push(await startProcess(settings));
  }
  const [kept, fresh] = processes.map(({ url }) => serve(url));
  if (!kept || !fresh) throw new Error('two processes are needed');
  return {
    kept,
    fresh,
    admin,
    oidc,
    async stop() {
      await Promise.all([kept.pool.close(), fresh.pool.close()]);
      await Promise.all(processes.map((one) => one.stop()));
      await admin.stop();
    },
  };
}

const USER = { sub: 'differential', email: 'user@acme.com', emailVerified: true };

/** Of the wrong checksum. */
const MISTYPED = `${API_KEY.slice(0, -1)}a`;

const MINTED_ID = /\b(person|olink|key|wh|chan|member)_[\w-]{6,}/g;
/** Of an agent's id that was minted from its name. */
const AGENT_SUFFIX = /-[0-9a-z]{8}(?=["/]|$)/g;
/** Of an entry of the audit log: it has the uid of the resource. */
const ENTRY_ID = /"id":"(\w+)\.\w+\.(\d{10})"/g;

/** The ids and tokens of one org, which belongs to one history. */
export class Org {
  readonly id: string;
  readonly #site: Site;
  readonly #tokens = new Map<string, string>();
  /** Minted ids by kind, the latest first. */
  readonly #minted = new Map<string, string[]>();
  /** In the order in which they appeared. */
  readonly #ids = new Map<string, string>();
  #pageToken = 'none';
  #changing = '';
  #revocable: string | undefined;

  private constructor(site: Site, id: string) {
    this.#site = site;
    this.id = id;
  }

  static async create(site: Site, id: string): Promise<Org> {
    const org = new Org(site, id);
    const { services } = site.admin;
    await services.orgs.ensure(WORK, id, 'Acme');
    await services.orgs.ensure(WORK, 'stranger', 'Stranger');
    const keys = [
      ['owner', 'owner', SCOPES],
      ['admin', 'admin', scopesOfRole('admin')],
      ['editor', 'editor', scopesOfRole('editor')],
      ['viewer', 'viewer', scopesOfRole('viewer')],
      ['without scopes', 'owner', []],
    ] as const;
    for (const [name, role, scopes] of keys) await org.#mint(name, role, scopes);
    org.#changing = await org.#mint('changing', 'admin', ['agents:read']);
    await org.setKey('editor');
    await org.#mint('stranger', 'owner', SCOPES, 'stranger');
    org.#tokens.set('mistyped', MISTYPED);
    org.#tokens.set('user', await site.oidc.idToken(USER));
    await org.setRole('editor');
    return org;
  }

  async #mint(name: string, role: Role, scopes: readonly Scope[], org = this.id): Promise<string> {
    const { apiKeys } = this.#site.admin.services;
    const { doc, secret } = await apiKeys.mint(WORK, org, { name, role, scopes });
    this.#tokens.set(name, secret);
    if (org === this.id) this.note(doc.id);
    return doc.id;
  }

  /** Deletes the key of `revocable`, whose token stays, or gives `revocable` another key. */
  async setKey(role: Role | undefined): Promise<void> {
    if (role !== undefined) {
      this.#revocable = await this.#mint('revocable', role, scopesOfRole(role));
      return;
    }
    if (this.#revocable === undefined) return;
    const gone = this.#site.admin.services.apiKeys.delete(WORK, this.id, this.#revocable);
    this.#revocable = undefined;
    await unlessGone(gone);
  }

  /** The request that changes the scopes of `changing`. */
  scopesCall(scopes: readonly Scope[]): Call {
    return {
      route: 'PATCH /orgs/{org}/api-keys/{keyId}',
      caller: 'owner',
      params: { org: '#org', keyId: this.#changing },
      query: {},
      body: { scopes },
    };
  }

  async setRole(role: Role | undefined): Promise<void> {
    const { members } = this.#site.admin.services;
    // An org keeps an owner: with this one, the user can have any role and leave.
    await members.set(WORK, this.id, 'keeper@acme.com', 'owner');
    if (role === undefined) return unlessGone(members.removeByEmail(WORK, this.id, USER.email));
    await members.set(WORK, this.id, USER.email, role);
    // The first sign-in changes the member: no read that is compared may be the one that does.
    const { sub, email: verifiedEmail } = USER;
    await members.membershipsOf(WORK, { issuer: this.#site.oidc.issuer, sub, verifiedEmail });
  }

  /** The runtime sends a message and a log entry. */
  async addTraffic(agent: string, number: number): Promise<void> {
    const timestamp = new Date(Date.UTC(2026, 0, 1) + number * 1_000).toISOString();
    const fields = { timestamp, sessionId: `s${number % 3}`, userId: number % 2 ? 'ann' : 'bob' };
    const [messageId, logId] = [`m${number}`, `l${number}`];
    const raw = { number };
    const batch = [
      messageOf(agent, { ...fields, messageId, raw, text: `text ${number}` }),
      logOf(agent, { ...fields, logId, raw }),
    ];
    await unlessGone(this.#site.admin.services.ingest.ingest(WORK, this.id, batch));
  }

  /** Notes the ids in an answer, for later requests. */
  note(text: string): void {
    for (const [id = '', kind = ''] of text.matchAll(MINTED_ID)) {
      if (this.#ids.has(id)) continue;
      this.#ids.set(id, `<${kind} ${this.#ids.size}>`);
      this.#minted.set(kind, [id, ...(this.#minted.get(kind) ?? [])]);
    }
    const token = /"(?:nextPageToken|endCursor)":"([^"]+)"/.exec(text)?.[1];
    if (token !== undefined) this.#pageToken = token;
  }

  /** The call with the values of this org. */
  resolve(call: Call, requestId: string): Resolved {
    const filled = JSON.parse(
      JSON.stringify(call).replace(/"#(\w+)(?::(\d+))?"/g, (_, kind: string, at?: string) =>
        JSON.stringify(this.#valueOf(kind, Number(at))),
      ),
    ) as Call;
    return { ...filled, token: this.#tokens.get(call.caller), requestId };
  }

  #valueOf(kind: string, at: number): string {
    if (kind === 'org') return this.id;
    if (kind === 'token') return this.#pageToken;
    return this.#minted.get(kind)?.[at] ?? 'none';
  }

  /** An answer without what differs from store to store: minted ids, secrets, tokens and times. */
  neutral(text: string): string {
    return text
      .replace(MINTED_ID, (id) => this.#ids.get(id) ?? '<id>')
      .replace(AGENT_SUFFIX, '-<suffix>')
      .replace(ENTRY_ID, '"id":"$1.<uid>.$2"')
      .replace(/"(nextPageToken|endCursor)":"[^"]*"/g, '"$1":"<token>"')
      .replace(/\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<time>')
      .replace(/sk-any-api01-\w+/g, '<key>')
      .replace(/whsec_[\w+/=]+/g, '<secret>');
  }
}

/** Waits for work on something that an earlier step may have removed. */
async function unlessGone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof DomainError && /not_found$|^request\.invalid$/.test(error.code)))
      throw error;
  }
}

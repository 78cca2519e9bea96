import { type AgentKey, ownerKey } from '../agents/collection.ts';
import type { AgentService } from '../agents/service.ts';
import type { ChangeLog } from '../changes/change-log.ts';
import type { Agent } from '../domain/agents.ts';
import type { Effects } from '../domain/effects.ts';
import { DomainError } from '../domain/errors.ts';
import { URL_SAFE_ALPHABET } from '../domain/ids.ts';
import {
  type CreateOutreachLinkInput,
  newOutreachLink,
  redeemLink,
} from '../domain/outreach-links.ts';
import { batched } from '../paging/batched.ts';
import type { PageRequest, Pager, Scanner, TokenPage } from '../paging/pager.ts';
import { type Described, Records } from '../records/records.ts';
import type { MaybePromise } from '../store/bounds.ts';
import type { Collection } from '../store/port.ts';
import type { Work } from '../work.ts';
import type { OutreachCodeDoc, OutreachLinkDoc } from './collection.ts';

/** The agent that links belong to. */
type Owner = Pick<Agent, 'org' | 'uid'>;

export interface OutreachLinkParts {
  readonly links: Collection<OutreachLinkDoc>;
  readonly codes: Collection<OutreachCodeDoc>;
  readonly agents: AgentService;
  readonly pager: Pager;
  readonly effects: Effects;
  readonly log: ChangeLog;
  /** Where the public pages of links are, without a trailing slash. */
  readonly embedBaseUrl: string;
}

const ID_LENGTH = 20;
/** 131 bits. */
const CODE_LENGTH = 22;
const CODE = new RegExp(`^[${URL_SAFE_ALPHABET}]{${CODE_LENGTH}}$`);

/** The links of each agent. A use is counted in the link itself: never more than it allows. */
export class OutreachLinkService {
  readonly #parts: OutreachLinkParts;
  readonly #records: Records<OutreachLinkDoc>;

  constructor(parts: OutreachLinkParts) {
    const { links, agents, log } = parts;
    this.#parts = parts;
    this.#records = new Records({
      log,
      collection: links,
      type: 'outreach_link',
      resourceOf: ({ org, id, uid, agentId }) => ({ org, id, uid, agentId }),
      notFound: linkNotFound,
    });
    agents.purgeWith((_, agent, purge) => purge(links, 'byOwner', [ownerKey(agent)]));
  }

  /** @throws DomainError `agent.not_found`, `request.invalid` */
  async create(
    work: Work,
    ref: AgentKey,
    input: CreateOutreachLinkInput,
  ): Promise<OutreachLinkDoc> {
    const { agents, codes, effects } = this.#parts;
    const agent = await agents.get(work, ref);
    const id = `olink_${effects.random(URL_SAFE_ALPHABET, ID_LENGTH)}`;
    const link = newOutreachLink(agent, input, effects.now());
    const key = linkKey(agent, id);
    const doc: OutreachLinkDoc = {
      ...link,
      key,
      owner: ownerKey(agent),
      id,
      code: effects.random(URL_SAFE_ALPHABET, CODE_LENGTH),
      org: agent.org,
      agentId: agent.id,
      uid: effects.uid(),
      version: 1,
      updatedAt: link.createdAt,
    };
    // A code that any link has, or ever had, conflicts.
    const code = codes.toInsert({ key: doc.code, version: 1, link: key });
    const created = { ...described('outreach_link.created', doc), also: [code] };
    if (!(await this.#records.create(work, doc, created))) {
      throw new Error('the source of randomness repeats itself');
    }
    return doc;
  }

  /** @throws DomainError `outreach_link.not_found` */
  get(work: Work, owner: Owner, id: string): MaybePromise<OutreachLinkDoc> {
    return this.#records.get(work, linkKey(owner, id));
  }

  /**
   * Newest first.
   *
   * @param scanner reads the links; gathers the reads of many agents into one
   */
  list(
    work: Work,
    owner: Owner,
    page: PageRequest,
    scanner: Scanner<OutreachLinkDoc> = this.#parts.links,
  ): Promise<TokenPage<OutreachLinkDoc>> {
    const scan = { index: 'byOwner', eq: [ownerKey(owner)], reverse: true };
    return this.#parts.pager.page(work, scanner, 'outreachLinks', scan, page);
  }

  /** For `list`: reads that come together are one. For one request. */
  batched(work: Work): Scanner<OutreachLinkDoc> {
    return batched(work, this.#parts.links);
  }

  /** Pauses or resumes a link. @throws DomainError `agent.not_found`, `outreach_link.not_found` */
  async setDisabled(
    work: Work,
    ref: AgentKey,
    id: string,
    disabled: boolean,
  ): Promise<OutreachLinkDoc> {
    const agent = await this.#parts.agents.get(work, ref);
    return this.#records.change(
      work,
      linkKey(agent, id),
      undefined,
      (link) => (link.disabled === disabled ? link : { ...link, disabled }),
      { describe: (_, after) => described('outreach_link.updated', after) },
    );
  }

  /**
   * Its code stays taken, and leads nowhere.
   *
   * @returns the last state
   * @throws DomainError `agent.not_found`, `outreach_link.not_found`
   */
  async delete(work: Work, ref: AgentKey, id: string): Promise<OutreachLinkDoc> {
    const agent = await this.#parts.agents.get(work, ref);
    return this.#records.remove(work, linkKey(agent, id), undefined, (last) =>
      described('outreach_link.deleted', last),
    );
  }

  /**
   * Takes one use of the link that a code leads to, for the user who then begins
   * the conversation. However many come at once, no more than the link's uses are
   * taken.
   *
   * @throws DomainError `outreach_link.not_found`, `.disabled`, `.expired`, `.used_up`, `.channel_inactive`
   */
  async redeem(work: Work, code: string): Promise<OutreachLinkDoc> {
    const { codes, agents, effects } = this.#parts;
    const taken = CODE.test(code) ? await codes.get(work, code) : undefined;
    if (!taken) throw linkNotFound(code);
    const { org, agentId, owner, bindingId } = await this.#records.get(work, taken.link);
    const [agent] = await agents.getMany(work, [{ org, id: agentId }]);
    if (!agent || ownerKey(agent) !== owner) throw linkNotFound(code);
    const binding = agent.channels?.find(({ id }) => id === bindingId);
    return this.#records.change(work, taken.link, undefined, (link) =>
      redeemLink(link, binding, effects.now()),
    );
  }

  urlOf({ code }: Pick<OutreachLinkDoc, 'code'>): string {
    return `${this.#parts.embedBaseUrl}/o/${code}`;
  }
}

function linkKey(owner: Owner, id: string): string {
  return `${ownerKey(owner)}/${id}`;
}

function linkNotFound(key: string): DomainError {
  const id = key.slice(key.lastIndexOf('/') + 1);
  return new DomainError('outreach_link.not_found', `there is no outreach link '${id}'`);
}

function described(
  type: 'outreach_link.created' | 'outreach_link.updated' | 'outreach_link.deleted',
  { id, org, agentId }: OutreachLinkDoc,
): Described {
  return { events: [{ type, data: { id, orgId: org, agentId } }] };
}

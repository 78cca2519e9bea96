import {
  type Agent,
  type AgentContent,
  assertAgentFits,
  type CreateAgentInput,
  newAgent,
} from '../domain/agents.ts';
import type { Effects } from '../domain/effects.ts';
import { DomainError } from '../domain/errors.ts';
import { ID_ALPHABET, ID_SUFFIX_LENGTH, mintAgentId } from '../domain/ids.ts';
import type { ItemChange } from '../domain/items.ts';
import type { PageRequest, Pager, TokenPage } from '../paging/pager.ts';
import type { Outbox } from '../records/outbox.ts';
import { type EventsOf, Records } from '../records/records.ts';
import type { Collection } from '../store/port.ts';
import type { Work } from '../work.ts';
import { type AgentDoc, type AgentKey, agentKey } from './collection.ts';
import { agentCreated, agentDeleted, agentUpdated } from './events.ts';

const MAX_MINTS = 5;

/** Who a removed agent was: what is left of it until everything under it is gone. */
export type RemovedAgent = Pick<Agent, 'org' | 'id' | 'uid'>;

/**
 * Removes what a service keeps under an agent, in bounded batches (see
 * `purgeAll`, which takes the signal: it asks the purge to break off when the
 * process stops). After a crash or a stop it is called again for the same agent.
 */
export type AgentPurger = (work: Work, agent: RemovedAgent, signal: AbortSignal) => Promise<void>;

/** Loads, changes and saves agents. What a change is, the domain says. */
export class AgentService {
  readonly #collection: Collection<AgentDoc>;
  readonly #records: Records<AgentDoc>;
  readonly #pager: Pager;
  readonly #effects: Effects;
  readonly #defaults: (content: AgentContent) => AgentContent;
  readonly #purgers: AgentPurger[] = [];

  /** @param defaults what a new agent has beside what its creator gave it */
  constructor(
    collection: Collection<AgentDoc>,
    pager: Pager,
    effects: Effects,
    outbox: Outbox,
    defaults: (content: AgentContent) => AgentContent,
  ) {
    this.#collection = collection;
    this.#records = new Records(collection, effects.now, notFound, {
      outbox,
      remains: ({ org, id, uid }): RemovedAgent => ({ org, id, uid }),
      purge: (work, removed, signal) => this.#purge(work, removed as RemovedAgent, signal),
    });
    this.#pager = pager;
    this.#effects = effects;
    this.#defaults = defaults;
  }

  /**
   * Registers who removes what hangs under a removed agent. Purgers run in the
   * background, one after the other; until all are done the agent's id stays taken.
   */
  purgeWith(...purgers: readonly AgentPurger[]): void {
    this.#purgers.push(...purgers);
  }

  /** @throws DomainError `agent.id_taken`, `request.invalid` */
  async create(work: Work, org: string, input: CreateAgentInput): Promise<Agent> {
    const content = this.#defaults(newAgent(input));
    const uid = this.#effects.uid();
    const now = this.#effects.now().toISOString();
    for (let mint = 1; mint <= MAX_MINTS; mint += 1) {
      const id = input.id ?? mintAgentId(input.name, this.#suffix());
      const key = agentKey({ org, id });
      const doc = { ...content, key, org, id, uid, version: 1, createdAt: now, updatedAt: now };
      assertAgentFits(doc);
      if (await this.#records.create(work, doc, agentCreated(doc))) return doc;
      if (input.id != null) break;
    }
    if (input.id == null) throw new Error('ids were minted that are all taken');
    throw new DomainError('agent.id_taken', `the id '${input.id}' is taken`, [
      { path: 'id', message: 'is taken' },
    ]);
  }

  /** @throws DomainError `agent.not_found` */
  get(work: Work, ref: AgentKey): Promise<Agent> {
    return this.#records.get(work, agentKey(ref));
  }

  /** The agents of each reference, in their order, undefined where there is none; one read. */
  getMany(work: Work, refs: readonly AgentKey[]): Promise<(Agent | undefined)[]> {
    return this.#records.getMany(work, refs.map(agentKey));
  }

  /**
   * To be called when something has been written under agents: what comes there while an
   * agent is removed, behind its purge, would stay for ever. One read.
   *
   * @param agents as they were read before
   * @param takeBack removes what was written under one
   * @throws DomainError `agent.not_found` when one is gone; it has been taken back then
   */
  async assertStand(
    work: Work,
    agents: readonly RemovedAgent[],
    takeBack: (gone: RemovedAgent) => Promise<unknown> = async () => undefined,
  ): Promise<void> {
    const found = await this.#collection.getMany(work, agents.map(agentKey), ['uid']);
    // Of one that was removed nothing but a tombstone is left.
    const gone = agents.filter(({ uid }, i) => found[i]?.uid !== uid);
    for (const agent of gone) await takeBack(agent);
    const [first] = gone;
    if (first) throw notFound(agentKey(first));
  }

  /**
   * Newest first.
   *
   * @param fields the parts of an agent to read
   */
  list(
    work: Work,
    org: string,
    page: PageRequest,
    fields: readonly string[],
  ): Promise<TokenPage<AgentDoc>> {
    return this.#pager.page(
      work,
      this.#collection,
      'agents',
      { index: 'byOrg', eq: [org], reverse: true, fields: ['org', 'id', 'uid', ...fields] },
      page,
    );
  }

  /**
   * The only way an agent is written.
   *
   * @param fn pure; may run more than once
   * @param events instead of `agent.updated` with the sections that differ, for
   *   changes that have a name of their own (`channel.created` …)
   * @throws DomainError `agent.not_found`, `version.mismatch`, `agent.too_large`, and what `fn` throws
   */
  change(
    work: Work,
    ref: AgentKey,
    expectedVersion: number | null | undefined,
    fn: (agent: Agent) => Agent,
    events: EventsOf<Agent> = agentUpdated,
  ): Promise<Agent> {
    const change = (doc: AgentDoc) => {
      const changed = fn(doc);
      if (changed === doc) return doc;
      assertAgentFits(changed);
      return { ...changed, key: doc.key };
    };
    return this.#records.change(work, agentKey(ref), expectedVersion ?? undefined, change, events);
  }

  /**
   * `change` of one item of the agent.
   *
   * @returns the agent as it is written, and the item
   */
  async changeItem<T>(
    work: Work,
    ref: AgentKey,
    expectedVersion: number | null | undefined,
    fn: (agent: Agent) => ItemChange<T>,
    events: EventsOf<Agent> = agentUpdated,
  ): Promise<ItemChange<T>> {
    let item: T | undefined;
    const change = (it: Agent) => {
      const changed = fn(it);
      item = changed.item;
      return changed.agent;
    };
    const agent = await this.change(work, ref, expectedVersion, change, events);
    // `change` has run `fn` at least once.
    return { agent, item: item as T };
  }

  /**
   * Removes the agent, and in the background everything under it (see `purgeWith`).
   *
   * @returns its last state
   * @throws DomainError `agent.not_found`, `version.mismatch`
   */
  delete(work: Work, ref: AgentKey, expectedVersion: number | null | undefined): Promise<Agent> {
    return this.#records.remove(work, agentKey(ref), expectedVersion ?? undefined, agentDeleted);
  }

  async #purge(work: Work, removed: RemovedAgent, signal: AbortSignal): Promise<void> {
    for (const purge of this.#purgers) await purge(work, removed, signal);
  }

  #suffix(): string {
    return this.#effects.random(ID_ALPHABET, ID_SUFFIX_LENGTH);
  }
}

/** The refusal of an agent that is not there. */
export function notFound(key: string): DomainError {
  return new DomainError(
    'agent.not_found',
    `there is no agent '${key.slice(key.indexOf('/') + 1)}'`,
  );
}

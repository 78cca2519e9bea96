import { LRUCache } from 'lru-cache';
import type { ChangeLog } from '../changes/change-log.ts';
import type { Purger } from '../changes/purge.ts';
import {
  type Agent,
  type AgentContent,
  absentAgent,
  assertAgentFits,
  type CreateAgentInput,
  newAgent,
} from '../domain/agents.ts';
import type { Effects } from '../domain/effects.ts';
import { DomainError } from '../domain/errors.ts';
import { ID_ALPHABET, ID_SUFFIX_LENGTH, mintAgentId } from '../domain/ids.ts';
import type { ItemChange } from '../domain/items.ts';
import type { NextNumber, VersionWriter } from '../history/writer.ts';
import type { Pager, TokenPage } from '../paging/pager.ts';
import { Records } from '../records/records.ts';
import type { MaybePromise } from '../store/bounds.ts';
import type { Collection } from '../store/port.ts';
import type { Write } from '../store/writes.ts';
import type { Work } from '../work.ts';
import { type AgentDoc, type AgentKey, type AgentOwner, agentDoc, agentKey } from './collection.ts';
import {
  type AgentEvents,
  agentChange,
  agentCreated,
  agentDeleted,
  agentUpdated,
  sectionsOf,
} from './events.ts';
import { type AgentQuery, agentPages } from './search.ts';

const MAX_MINTS = 5;
const MAX_LAST_UIDS = 10_000;
const OWNER_FIELDS = ['org', 'id', 'uid'] as const satisfies readonly (keyof AgentOwner)[];

/** Other writes of the commit that changes an agent. Called once per attempt. */
export type AgentWrites = (before: Agent, after: Agent) => MaybePromise<readonly Write[]>;

/** Loads, changes and saves agents. */
export class AgentService {
  readonly #collection: Collection<AgentDoc>;
  readonly #records: Records<AgentDoc>;
  readonly #pager: Pager;
  readonly #effects: Effects;
  readonly #defaults: (content: AgentContent) => AgentContent;
  readonly #log: ChangeLog;
  readonly #lastUids = new LRUCache<string, string>({ max: MAX_LAST_UIDS });

  readonly #history: VersionWriter;

  /** @param defaults what a new agent has beside what its creator gave it */
  constructor(
    collection: Collection<AgentDoc>,
    pager: Pager,
    effects: Effects,
    log: ChangeLog,
    history: VersionWriter,
    defaults: (content: AgentContent) => AgentContent,
  ) {
    this.#history = history;
    this.#collection = collection;
    this.#records = new Records({
      log,
      collection,
      type: 'agent',
      resourceOf: ({ org, id, uid }) => ({ org, id, uid }),
      notFound,
    });
    this.#log = log;
    this.#pager = pager;
    this.#effects = effects;
    this.#defaults = defaults;
  }

  /** Registers what removes the documents that belong to removed agents. */
  purgeWith(...purgers: readonly Purger[]): void {
    this.#log.purgeWith('agent', ...purgers);
  }

  /** @throws DomainError `agent.id_taken`, `request.invalid` */
  async create(work: Work, org: string, input: CreateAgentInput): Promise<Agent> {
    const content = newAgent(input);
    const change = (absent: Agent) => ({ agent: { ...absent, ...content }, item: undefined });
    return (await this.createNamed(work, org, input, change)).agent;
  }

  /**
   * As `createFrom`, with an id that is minted from the name if none is given.
   *
   * @throws DomainError `agent.id_taken` only for a given id, and as `createFrom`
   */
  async createNamed<T>(
    work: Work,
    org: string,
    { id, name }: Pick<CreateAgentInput, 'id' | 'name'>,
    fn: (absent: Agent) => ItemChange<T>,
  ): Promise<ItemChange<T>> {
    if (id != null) return this.createFrom(work, { org, id }, fn);
    for (let mint = 1; mint <= MAX_MINTS; mint += 1) {
      const ref = { org, id: mintAgentId(name, this.#suffix()) };
      const created = await this.#createIfFree(work, ref, fn);
      if (created) return created;
    }
    throw new Error('ids were minted that are all taken');
  }

  /**
   * Creates an agent with an id by a change of the agent as `absent` returns it.
   *
   * @param fn returns it without what every new agent has
   * @throws DomainError `agent.id_taken`, `agent.too_large`, `version.contended`, and what `fn`
   *   throws
   */
  async createFrom<T>(
    work: Work,
    ref: AgentKey,
    fn: (absent: Agent) => ItemChange<T>,
  ): Promise<ItemChange<T>> {
    const created = await this.#createIfFree(work, ref, fn);
    if (!created) throw idTaken(ref.id);
    return created;
  }

  /** @returns undefined if the id is taken */
  async #createIfFree<T>(
    work: Work,
    ref: AgentKey,
    fn: (absent: Agent) => ItemChange<T>,
  ): Promise<ItemChange<T> | undefined> {
    const next = await this.#history.next(work, ref.org, ref.id);
    const { agent, item } = fn(absentAgent(ref, next.version - 1));
    const created = await this.#insert(work, ref, this.#defaults(agent), next);
    return created && { agent: created, item };
  }

  /** An agent that does not exist, as it would be created. */
  async absent(work: Work, ref: AgentKey): Promise<Agent> {
    const next = await this.#history.next(work, ref.org, ref.id);
    return absentAgent(ref, next.version - 1);
  }

  /** An agent that does not exist yet, with what every new agent has. */
  withDefaults(agent: Agent): Agent {
    return { ...agent, ...this.#defaults(agent) };
  }

  /**
   * Brings back the agent that was removed last under an id, with its history.
   *
   * @param contentOf returns the content that it gets, from the name of its history and the
   *   number of its last version
   * @throws DomainError `agent.not_found` if none was removed, `agent.id_taken`, and what
   *   `contentOf` throws
   */
  async revive(
    work: Work,
    ref: AgentKey,
    contentOf: (historyId: string, version: number) => Promise<AgentContent>,
  ): Promise<Agent> {
    const next = await this.#history.next(work, ref.org, ref.id);
    const { removed: historyId } = next;
    if (await this.#collection.get(work, agentKey(ref), [])) throw idTaken(ref.id);
    if (historyId === undefined) throw notFound(agentKey(ref));
    // The removal is the number before the next one, and the last version the one before that.
    const content = await contentOf(historyId, next.version - 2);
    const revived = await this.#insert(work, ref, content, next, historyId);
    if (!revived) throw idTaken(ref.id);
    return revived;
  }

  /**
   * @param historyId of the agent that is brought back
   * @returns undefined if the id is taken
   * @throws DomainError `version.contended` if an agent with the id was removed at the same time
   */
  async #insert(
    work: Work,
    { org, id }: AgentKey,
    content: AgentContent,
    next: NextNumber,
    historyId?: string,
  ): Promise<Agent | undefined> {
    const uid = this.#effects.uid();
    const at = this.#effects.now().toISOString();
    const doc = agentDoc({
      ...content,
      org,
      id,
      uid,
      historyId: historyId ?? uid,
      version: next.version,
      createdAt: at,
      updatedAt: at,
    });
    assertAgentFits(doc);
    const sections = sectionsOf(doc);
    const also = [
      next.claim,
      ...(await this.#history.created(work, doc, sections)),
      ...(historyId === undefined ? [] : [this.#history.unremoved(doc)]),
    ];
    const creation = { events: agentCreated(doc), sections, also };
    return (await this.#records.create(work, doc, creation)) ? doc : undefined;
  }

  /** Undefined if it does not exist. */
  find(work: Work, ref: AgentKey): MaybePromise<Agent | undefined> {
    return this.#records.find(work, agentKey(ref));
  }

  /** @throws DomainError `agent.not_found` */
  get(work: Work, ref: AgentKey): MaybePromise<Agent> {
    return this.#records.get(work, agentKey(ref));
  }

  /** The agents of each reference, in their order, undefined where there is none; one read. */
  async getMany(work: Work, refs: readonly AgentKey[]): Promise<(Agent | undefined)[]> {
    return this.#records.getMany(work, refs.map(agentKey));
  }

  /**
   * As `get`, for work on documents that belong to the agent: reads three short fields of it.
   *
   * @throws DomainError `agent.not_found`
   */
  async owner(work: Work, ref: AgentKey): Promise<AgentOwner> {
    const key = agentKey(ref);
    const owner = await this.#collection.get(work, key, OWNER_FIELDS);
    if (!owner) throw notFound(key);
    return owner;
  }

  /** `owner` of each reference, in their order, undefined where there is no agent; one read. */
  async owners(work: Work, refs: readonly AgentKey[]): Promise<(AgentOwner | undefined)[]> {
    const owners = await this.#collection.getMany(work, refs.map(agentKey), OWNER_FIELDS);
    for (const owner of owners) if (owner) this.#lastUids.set(agentKey(owner), owner.uid);
    return owners;
  }

  /**
   * The uid that `owners` read last. The agent may have been removed since: it serves to begin a
   * read that is worth nothing unless the agent still has it.
   */
  lastUid(ref: AgentKey): string | undefined {
    return this.#lastUids.get(agentKey(ref));
  }

  /** @throws DomainError `agent.not_found` when the agent was removed since it was read */
  async assertExists(work: Work, agent: AgentOwner): Promise<void> {
    const { uid } = await this.owner(work, agent);
    if (uid !== agent.uid) throw notFound(agentKey(agent));
  }

  /**
   * @param fields the parts of an agent to read
   * @throws DomainError `request.invalid`, `request.page_token`
   */
  async list(
    work: Work,
    org: string,
    query: AgentQuery,
    fields: readonly string[],
  ): Promise<TokenPage<AgentDoc>> {
    const read = ['org', 'id', 'uid', ...fields];
    const pages = await agentPages(work, this.#collection, org, query, read);
    return this.#pager.query(work, pages.scanner, pages.name, pages.query, query);
  }

  /**
   * The only way an agent is written.
   *
   * @param fn pure; may run more than once
   * @param events instead of `agent.updated` with the sections that differ, for
   *   changes that have a name of their own (`channel.created` …)
   * @param also other writes of the same commit
   * @throws DomainError `agent.not_found`, `version.mismatch`, `agent.too_large`, and what `fn` throws
   */
  change(
    work: Work,
    ref: AgentKey,
    expectedVersion: number | null | undefined,
    fn: (agent: Agent) => Agent,
    events: AgentEvents = agentUpdated,
    also?: AgentWrites,
  ): Promise<Agent> {
    const change = (doc: AgentDoc) => {
      const changed = fn(doc);
      if (changed === doc) return doc;
      assertAgentFits(changed);
      return agentDoc(changed, doc);
    };
    return this.#records.change(work, agentKey(ref), expectedVersion ?? undefined, change, {
      describe: agentChange(events),
      also: async (before, after, { sections = [] }) => {
        const others = (await also?.(before, after)) ?? [];
        if (before === after) return others;
        return [...others, ...(await this.#history.changed(work, before, after, sections))];
      },
    });
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
    events: AgentEvents = agentUpdated,
    also?: AgentWrites,
  ): Promise<ItemChange<T>> {
    let item: T | undefined;
    const change = (it: Agent) => {
      const changed = fn(it);
      item = changed.item;
      return changed.agent;
    };
    const agent = await this.change(work, ref, expectedVersion, change, events, also);
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
    return this.#records.remove(
      work,
      agentKey(ref),
      expectedVersion ?? undefined,
      agentDeleted,
      (last, at) => this.#history.removed(work, last, at),
    );
  }

  #suffix(): string {
    return this.#effects.random(ID_ALPHABET, ID_SUFFIX_LENGTH);
  }
}

export function idTaken(id: string): DomainError {
  return new DomainError('agent.id_taken', `the id '${id}' is taken`, [
    { path: 'id', message: 'is taken' },
  ]);
}

/** The error of an agent that does not exist. */
export function notFound(key: string): DomainError {
  return new DomainError(
    'agent.not_found',
    `there is no agent '${key.slice(key.indexOf('/') + 1)}'`,
  );
}

import { ordinalOf } from '../changes/collection.ts';
import type { Agent } from '../domain/agents.ts';
import type { HistorySection } from '../domain/history.ts';
import type { Collection } from '../store/port.ts';
import type { Write } from '../store/writes.ts';
import type { Work } from '../work.ts';
import { type AgentNumberDoc, historyKey, type VersionDoc } from './collection.ts';
import { deltasOf, packed } from './content.ts';

/**
 * A version is read from at most this many documents. A greater number makes reading slower, a
 * smaller one makes snapshots a greater part of what is stored (docs/history.md).
 */
export const SNAPSHOT_EVERY = 16;

export interface HistoryCollections {
  readonly versions: Collection<VersionDoc>;
  readonly numbers: Collection<AgentNumberDoc>;
}

/** The number that a new agent with an id gets. */
export interface NextNumber {
  readonly version: number;
  /** The history of the agent that was removed last, if that is what happened last. */
  readonly removed: string | undefined;
  /** Conflicts if an agent with the id was created or removed in the meantime. */
  readonly claim: Write;
}

/** The writes that keep the history of agents, for the commits that change them. */
export class VersionWriter {
  readonly #collections: HistoryCollections;

  constructor(collections: HistoryCollections) {
    this.#collections = collections;
  }

  async next(work: Work, org: string, id: string): Promise<NextNumber> {
    const key = `${org}/${id}`;
    const stored = await this.#collections.numbers.get(work, key);
    const version = (stored?.last ?? 0) + 1;
    const claim = this.#numbered(stored, { key, org, last: version });
    return { version, removed: stored?.removed, claim };
  }

  /** @param sections that the agent has */
  async created(
    work: Work,
    agent: Agent,
    sections: readonly HistorySection[],
  ): Promise<readonly Write[]> {
    return this.#version(work, agent, sections, { snapshot: await packed(agent) });
  }

  /** @param sections that differ */
  async changed(
    work: Work,
    before: Agent,
    after: Agent,
    sections: readonly HistorySection[],
  ): Promise<readonly Write[]> {
    const content =
      after.version % SNAPSHOT_EVERY === 0
        ? { snapshot: await packed(after) }
        : { delta: deltasOf(before, after) };
    return this.#version(work, after, sections, content);
  }

  /** @param at ISO-8601 */
  async removed(work: Work, last: Agent, at: string): Promise<readonly Write[]> {
    const { numbers, versions } = this.#collections;
    const { org, id, uid, historyId } = last;
    const key = `${org}/${id}`;
    const number = { key, org, last: last.version + 1, removed: historyId };
    const removal: VersionDoc = {
      ...this.#ref(last, last.version + 1),
      uid,
      sections: [],
      removedAt: at,
    };
    return [this.#numbered(await numbers.get(work, key), number), versions.toInsert(removal)];
  }

  /** The write that makes the removal of an agent undone, for the commit that brings it back. */
  unremoved(agent: Agent): Write {
    const { key } = this.#ref(agent, agent.version - 1);
    return this.#collections.versions.toDelete(key, 1);
  }

  #numbered(stored: AgentNumberDoc | undefined, number: Omit<AgentNumberDoc, 'version'>): Write {
    const { numbers } = this.#collections;
    return stored
      ? numbers.toReplace({ ...number, version: stored.version + 1 }, stored.version)
      : numbers.toInsert({ ...number, version: 1 });
  }

  #version(
    { origin }: Work,
    agent: Agent,
    sections: readonly HistorySection[],
    content: Pick<VersionDoc, 'snapshot' | 'delta'>,
  ): readonly Write[] {
    const { versions } = this.#collections;
    const { uid, updatedAt: at } = agent;
    return [
      versions.toInsert({
        ...this.#ref(agent, agent.version),
        uid,
        actorId: origin.actor.id,
        at,
        sections,
        ...content,
        ...(content.snapshot !== undefined && { snapshotAt: at }),
      }),
    ];
  }

  #ref(agent: Agent, version: number) {
    const owner = historyKey(agent);
    const ordinal = ordinalOf(version);
    return { key: versionKey(owner, ordinal), version: 1, org: agent.org, owner, ordinal };
  }
}

export function versionKey(owner: string, ordinal: string): string {
  return `${owner}/${ordinal}`;
}

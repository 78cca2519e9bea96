import type { AgentKey } from '../agents/collection.ts';
import type { AgentService } from '../agents/service.ts';
import { type ChangeDoc, changeKey, ordinalOf } from '../changes/collection.ts';
import { type Agent, type AgentContent, NO_CONTENT } from '../domain/agents.ts';
import type { CatalogView } from '../domain/catalog-view.ts';
import { type Change, type ChangedSection, diff } from '../domain/changes.ts';
import { DomainError } from '../domain/errors.ts';
import {
  type HistorySection,
  historySectionsOf,
  restoreSections,
  revivedContent,
} from '../domain/history.ts';
import type { ItemChange } from '../domain/items.ts';
import type { Conflict } from '../domain/merge.ts';
import type { ReportedConflict } from '../domain/merge-import.ts';
import type { Origin } from '../domain/origin.ts';
import type { PageRequest, Pager, TokenPage } from '../paging/pager.ts';
import type { Intention } from '../plans/intention.ts';
import type { PlanService } from '../plans/service.ts';
import type { Collection, Doc } from '../store/port.ts';
import { attributed, type Work } from '../work.ts';
import { Attribution, type KeptVersion } from './attribution.ts';
import { historyKey, type VersionDoc, type VersionRef } from './collection.ts';
import { contentFrom } from './content.ts';
import { type HistoryCollections, SNAPSHOT_EVERY, versionKey } from './writer.ts';

type Owner = Pick<Agent, 'org' | 'id' | 'historyId'>;

/** A version of an agent: who made it, when and why. */
export interface AgentVersion extends Doc, Origin {
  /** The key of its record in the change log. */
  readonly key: string;
  /** The agent's version. */
  readonly version: number;
  /** The agent that it is a version of, as it is now. */
  readonly agent: Agent;
  /** ISO-8601. */
  readonly at: string;
  readonly sections: readonly HistorySection[];
}

/** Which versions to list, and the page of them. Times are ISO-8601. */
export interface VersionQuery extends PageRequest {
  readonly section?: HistorySection | null | undefined;
  /** The id of an actor. */
  readonly actor?: string | null | undefined;
  /** Inclusive. */
  readonly start?: string | null | undefined;
  /** Exclusive. */
  readonly end?: string | null | undefined;
}

export interface RestoreRequest {
  readonly version: number;
  /** All if not given. */
  readonly sections?: readonly ChangedSection[] | null | undefined;
  /** In place of that of the request. */
  readonly message?: string | null | undefined;
}

/** Versions that are examined to find who made a change. */
const MAX_EXAMINED = 500;

interface Parts extends HistoryCollections {
  readonly changes: Collection<ChangeDoc>;
  readonly agents: Pick<AgentService, 'get' | 'revive'>;
  readonly plans: Pick<PlanService, 'carryOut'>;
  readonly catalog: CatalogView;
  readonly pager: Pager;
}

/** Reads the versions of agents, and restores them. */
export class HistoryService {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Newest first. */
  async list(work: Work, agent: Agent, query: VersionQuery): Promise<TokenPage<AgentVersion>> {
    const { versions, pager } = this.#parts;
    const { section, actor, start, end } = query;
    const owner = historyKey(agent);
    const scan = {
      ...placeOf(owner, section, actor),
      reverse: true,
      from: start ?? undefined,
      before: end ?? undefined,
      fields: ['uid', 'ordinal'],
    };
    const page = await pager.page(work, versions, 'agent history', scan, query);
    return this.#joined(work, agent, page);
  }

  /** @throws DomainError `version.not_found` if the agent has no such version, or no longer */
  async get(work: Work, agent: Agent, version: number): Promise<AgentVersion> {
    const key = versionKey(historyKey(agent), ordinalOf(version));
    const ref = await this.#parts.versions.get(work, key, ['uid', 'ordinal', 'at']);
    // A removal has no time of its own.
    if (ref?.at === undefined) throw versionNotFound(agent, version);
    const [record] = await this.#records(work, agent, [ref]);
    if (!record) throw versionNotFound(agent, version);
    return versionOf(agent, record);
  }

  /**
   * The content of a version, without secrets.
   *
   * @throws DomainError `version.not_found`
   */
  async content(work: Work, agent: Owner, version: number): Promise<AgentContent> {
    const last = (await this.#group(work, agent, version)).at(-1);
    if (last?.number !== version) throw versionNotFound(agent, version);
    return work.inTurn(() => last.content());
  }

  /**
   * What a version differs in from another one; from the version before it if `against` is not
   * given, and from nothing if it is the agent's first.
   *
   * @throws DomainError `version.not_found`
   */
  async changes(
    work: Work,
    of: AgentVersion,
    against: number | null | undefined,
  ): Promise<readonly Change[]> {
    const { agent, version } = of;
    const from = against ?? (await this.before(work, of));
    const [before, after] = await Promise.all([
      from === undefined ? NO_CONTENT : this.content(work, agent, from),
      this.content(work, agent, version),
    ]);
    return work.inTurn(() => diff(before, after));
  }

  /**
   * The version before; undefined if the version is the agent's first.
   *
   * @throws DomainError `version.not_found` if the version before is no longer kept
   */
  async before(work: Work, { agent, version, key }: AgentVersion): Promise<number | undefined> {
    const { versions, changes } = this.#parts;
    const owner = historyKey(agent);
    // Two: one of them may be a removal.
    const numbers = [version - 1, version - 2].filter((it) => it > 0);
    const keys = numbers.map((it) => versionKey(owner, ordinalOf(it)));
    const earlier = await versions.getMany(work, keys, ['ordinal', 'at']);
    const before = earlier.find((it) => it?.at !== undefined);
    if (before) return Number(before.ordinal);
    const record = await changes.get(work, key, ['actions']);
    if (record?.actions.includes('agent.created')) return undefined;
    throw versionNotFound(agent, version - 1);
  }

  /** @throws DomainError `version.not_found` */
  async between(work: Work, agent: Agent, from: number, to: number): Promise<readonly Change[]> {
    const [before, after] = await Promise.all([
      this.content(work, agent, from),
      this.content(work, agent, to),
    ]);
    return work.inTurn(() => diff(before, after));
  }

  /**
   * Gives the agent the content of an earlier version, as a new version.
   *
   * @returns the agent, and the sections that differed
   * @throws DomainError `agent.not_found`, `version.mismatch`, `version.not_found`,
   *   `version.not_restorable`, `agent.too_large`, and with a plan `PLAN_REFUSALS`
   */
  async restore(
    work: Work,
    ref: AgentKey,
    expectedVersion: number | null | undefined,
    request: RestoreRequest & { readonly plan?: string | null | undefined },
  ): Promise<ItemChange<readonly ChangedSection[]>> {
    const { agents, plans } = this.#parts;
    const intention = await this.restoring(work, await agents.get(work, ref), request);
    return plans.carryOut(work, ref, expectedVersion, intention, request.plan);
  }

  /**
   * The restore of a version, to be planned or carried out.
   *
   * @throws DomainError `version.not_found`
   */
  async restoring(
    work: Work,
    agent: Owner,
    { version, sections, message }: RestoreRequest,
  ): Promise<Intention<readonly ChangedSection[]>> {
    const { catalog } = this.#parts;
    const earlier = await this.content(work, agent, version);
    const { historyId } = agent;
    return {
      change: ['restore', version, sections ?? null],
      origin: { restoredFrom: version, ...(message != null && { message }) },
      outcomeOf: (it) => {
        // The version belongs to this agent, and not to a later one of the same id.
        if (it.historyId !== historyId) throw versionNotFound(agent, version);
        return restoreSections(it, earlier, sections ?? undefined, catalog);
      },
    };
  }

  /**
   * Brings back the agent that was removed last under an id, at its last version, without its
   * secrets.
   *
   * @throws DomainError `agent.not_found`, `agent.id_taken`, `version.not_found` if its history is
   *   no longer kept
   */
  async revive(work: Work, ref: AgentKey): Promise<Agent> {
    const { agents, numbers } = this.#parts;
    const number = await numbers.get(work, `${ref.org}/${ref.id}`);
    const restoredFrom = (number?.last ?? 0) - 1;
    const restoring = attributed(work, { ...work.origin, restoredFrom });
    return agents.revive(restoring, ref, async (historyId, version) =>
      revivedContent(await this.content(work, { ...ref, historyId }, version)),
    );
  }

  /**
   * Conflicts of the agent as it is with an earlier version of it, with the author of each change.
   * At most `MAX_EXAMINED` versions are examined; an older change has no author.
   */
  async attributed(
    work: Work,
    agent: Agent,
    base: number,
    conflicts: readonly Conflict[],
  ): Promise<readonly ReportedConflict[]> {
    const attribution = new Attribution(conflicts);
    const oldest = Math.max(base, agent.version - MAX_EXAMINED);
    for (let last = agent.version; last >= oldest && !attribution.isComplete; ) {
      const group = await this.#group(work, agent, last);
      for (const version of group.toReversed()) {
        if (version.number < oldest) break;
        await work.inTurn(() => attribution.examine(version));
      }
      last = (group[0]?.number ?? last - (last % SNAPSHOT_EVERY)) - 1;
    }
    const refs = [...new Set(attribution.found.values())];
    const records = await this.#records(work, agent, refs);
    const authors = new Map(refs.map((ref, i) => [ref, records[i]]));
    return conflicts.map((conflict) => {
      const ref = attribution.found.get(conflict);
      const record = ref && authors.get(ref);
      if (!record) return conflict;
      const { actor, at, ordinal } = record;
      return { ...conflict, theirActor: actor, theirVersion: Number(ordinal), theirAt: at };
    });
  }

  /** The versions from the last snapshot up to a number, in order. */
  async #group(work: Work, agent: Owner, last: number): Promise<readonly KeptVersion[]> {
    const found = await this.#versions(work, agent, last);
    const start = found.findLastIndex((it) => it.snapshot !== undefined);
    const snapshot = found[start]?.snapshot;
    if (snapshot === undefined) return [];
    const kept = found.slice(start);
    return kept.map(({ uid, ordinal, sections }, i) => ({
      uid,
      ordinal,
      number: Number(ordinal),
      sections,
      content: () =>
        contentFrom(
          snapshot,
          kept.slice(1, i + 1).map(({ delta = {} }) => delta),
        ),
    }));
  }

  /** The versions from the last number with a snapshot up to a number, in order. */
  async #versions(work: Work, agent: Owner, last: number): Promise<readonly VersionDoc[]> {
    const owner = historyKey(agent);
    const first = last - (last % SNAPSHOT_EVERY);
    const keys = Array.from({ length: last - first + 1 }, (_, i) =>
      versionKey(owner, ordinalOf(first + i)),
    );
    const docs = await this.#parts.versions.getMany(work, keys);
    return docs.filter((it) => it !== undefined).filter(({ at }) => at !== undefined);
  }

  async #joined(
    work: Work,
    agent: Agent,
    page: TokenPage<Doc & VersionRef>,
  ): Promise<TokenPage<AgentVersion>> {
    const records = await this.#records(work, agent, page.docs);
    const refs = new Map<AgentVersion, Doc & VersionRef>();
    page.docs.forEach((ref, i) => {
      const record = records[i];
      if (record) refs.set(versionOf(agent, record), ref);
    });
    return {
      docs: [...refs.keys()],
      more: page.more,
      endToken: () => page.endToken(),
      tokenOf: (version) => {
        const ref = refs.get(version);
        if (!ref) throw new RangeError('the version is not of this page');
        return page.tokenOf(ref);
      },
    };
  }

  async #records(work: Work, { org, id }: Agent, refs: readonly VersionRef[]) {
    const keys = refs.map(({ uid, ordinal }) => changeKey('agent', { org, id, uid }, ordinal));
    return this.#parts.changes.getMany(work, keys);
  }
}

/** The index of the versions that a query keeps, and its values. */
function placeOf(
  owner: string,
  section: VersionQuery['section'],
  actor: VersionQuery['actor'],
): { readonly index: string; readonly eq: readonly string[] } {
  if (section == null) {
    return actor == null
      ? { index: 'byTime', eq: [owner] }
      : { index: 'byActor', eq: [owner, actor] };
  }
  return actor == null
    ? { index: 'bySection', eq: [owner, section] }
    : { index: 'bySectionAndActor', eq: [owner, section, actor] };
}

function versionOf(agent: Agent, record: ChangeDoc): AgentVersion {
  const { key, ordinal, at, actor, door, requestId, message, restoredFrom, sections } = record;
  return {
    key,
    version: Number(ordinal),
    agent,
    at,
    actor,
    door,
    ...(requestId !== undefined && { requestId }),
    ...(message !== undefined && { message }),
    ...(restoredFrom !== undefined && { restoredFrom }),
    sections: historySectionsOf(sections ?? []),
  };
}

/** The error of a version that does not exist, or is no longer kept. */
export function versionNotFound({ id }: Pick<Agent, 'id'>, version: number): DomainError {
  return new DomainError('version.not_found', `there is no version ${version} of agent '${id}'`);
}

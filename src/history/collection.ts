import type { Agent } from '../domain/agents.ts';
import type { HistorySection } from '../domain/history.ts';
import { collectionSpec, type Doc } from '../store/port.ts';
import type { PartDeltas } from './content.ts';

/** What history is kept under: that of an agent that was restored continues under the same name. */
export function historyKey({ org, historyId }: Pick<Agent, 'org' | 'historyId'>): string {
  return `${org}/${historyId}`;
}

/** Finds the version's record in the change log. */
export interface VersionRef {
  /** The uid of the agent that had the version. */
  readonly uid: string;
  /** The version: ten digits, as in the change log. */
  readonly ordinal: string;
}

/**
 * What a version of an agent changed, or its whole content. It is inserted in the commit that
 * makes the version. The key is `org/historyId/ordinal`.
 *
 * Every version whose number is a multiple of `SNAPSHOT_EVERY`, and the first of an agent, has a
 * snapshot: any version is read from at most that many documents.
 */
export interface VersionDoc extends Doc, VersionRef {
  readonly org: string;
  /** `org/historyId`. */
  readonly owner: string;
  /** ISO-8601. Unset for a removal, which is no version. */
  readonly at?: string;
  /** The id of the actor. Unset for a removal. */
  readonly actorId?: string;
  /** Those that it changed. */
  readonly sections: readonly HistorySection[];
  /** The content as `packed` returns it. */
  readonly snapshot?: string;
  /** Of a version with a snapshot: `at`. */
  readonly snapshotAt?: string;
  /** Without a snapshot: the changes of the version before. */
  readonly delta?: PartDeltas;
  /** Of a removal: when it was. ISO-8601. */
  readonly removedAt?: string;
}

export const VERSIONS = collectionSpec<VersionDoc>(
  'agentVersions',
  {
    /** Newest first, read in reverse. */
    byTime: { eq: ['owner'], order: 'at', includes: ['uid', 'ordinal'] },
    byActor: { eq: ['owner', 'actorId'], order: 'at', includes: ['uid', 'ordinal'] },
    bySection: {
      eq: ['owner', 'sections'],
      order: 'at',
      each: 'sections',
      includes: ['uid', 'ordinal'],
    },
    bySectionAndActor: {
      eq: ['owner', 'sections', 'actorId'],
      order: 'at',
      each: 'sections',
      includes: ['uid', 'ordinal'],
    },
    /** For retention: one entry per snapshot. */
    snapshots: { eq: [], order: 'snapshotAt', includes: ['owner', 'ordinal'] },
    removals: { eq: [], order: 'removedAt', includes: ['owner', 'ordinal'] },
  },
  'org',
);

/**
 * The last number that an agent with an id has had. It stays when the agent is removed, so that a
 * later agent with the id has none of its numbers again. The key is `org/id`.
 */
export interface AgentNumberDoc extends Doc {
  readonly org: string;
  /** The number of the last creation or removal. */
  readonly last: number;
  /** The history of the agent that was removed last, while no other has the id. */
  readonly removed?: string;
}

export const AGENT_NUMBERS = collectionSpec<AgentNumberDoc>('agentNumbers', {}, 'org');

import { ACTIONS, type Action } from '../changes/actions.ts';
import type { ChangeDoc } from '../changes/collection.ts';
import type { Scanner } from '../paging/pager.ts';
import type { Collection, RangeScan } from '../store/port.ts';
import { compareText } from '../store/text.ts';
import { type AuditedType, typeOf } from './entries.ts';

/** The conditions that an entry must meet. An unset one demands nothing. */
export interface AuditFilter {
  /** The id of the actor. */
  readonly actor?: string | null | undefined;
  readonly action?: Action | null | undefined;
  readonly resourceType?: AuditedType | null | undefined;
  /** Of the resource, or of the agent that it is a part of. */
  readonly resourceId?: string | null | undefined;
}

/** An index of the change log and its values. */
export type Place = Pick<RangeScan, 'index' | 'eq'>;

/**
 * Where the changes are that a filter keeps: in all of the places together, and nothing else. The
 * cost of a page depends on the number of actions, not on the length of the log.
 */
export function placesOf(org: string, filter: AuditFilter): readonly Place[] {
  const { actor, action, resourceType, resourceId } = filter;
  if (actor == null && action == null && resourceType == null && resourceId == null) {
    return [{ index: 'byOrg', eq: [org] }];
  }
  const actions = ACTIONS.filter(
    (it) =>
      (action == null || it === action) && (resourceType == null || typeOf(it) === resourceType),
  );
  if (resourceId == null) {
    return [
      actor == null
        ? { index: 'byAction', eq: [org, actions] }
        : { index: 'byActor', eq: [org, actor, actions] },
    ];
  }
  return actor == null
    ? [
        { index: 'byId', eq: [org, resourceId, actions] },
        { index: 'byPart', eq: [org, resourceId, actions] },
      ]
    : [
        { index: 'byActorAndId', eq: [org, actor, resourceId, actions] },
        { index: 'byActorAndPart', eq: [org, actor, resourceId, actions] },
      ];
}

/** Scans several places as if they were one: in the order of time, each change once. */
export function mergedScanner(
  changes: Pick<Collection<ChangeDoc>, 'scanMany'>,
  places: readonly Place[],
): Scanner<ChangeDoc> {
  return {
    async scan(work, scan) {
      const pages = await changes.scanMany(
        work,
        places.map((place) => ({ ...scan, ...place })),
      );
      const found = new Map(pages.flatMap(({ docs }) => docs.map((doc) => [doc.key, doc])));
      const direction = scan.reverse ? -1 : 1;
      const docs = [...found.values()].sort((a, b) => direction * compareInTime(a, b));
      return {
        docs: docs.slice(0, scan.limit),
        more: docs.length > scan.limit || pages.some(({ more }) => more),
        cursorOf: ({ at, key }) => ({ order: at, key }),
      };
    },
  };
}

/** As the indexes that are ordered by time. */
function compareInTime(a: ChangeDoc, b: ChangeDoc): number {
  return compareText(a.at, b.at) || compareText(a.key, b.key);
}

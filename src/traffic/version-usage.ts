import { ordinalOf } from '../changes/collection.ts';
import type { VersionUsage } from '../domain/traffic.ts';
import { allDocs } from '../paging/all-docs.ts';
import type { Scanner } from '../paging/pager.ts';
import { collectionSpec, type Doc, type Increment } from '../store/port.ts';
import type { Work } from '../work.ts';
import type { StoredMessage } from './collections.ts';

/**
 * A part of the counts of one version of an agent. A version has several parts, so that batches
 * that are stored at the same time seldom write the same one. The key is `owner/ordinal/part`.
 */
export interface VersionUseDoc extends Doc, Omit<VersionUsage, 'version' | 'conversationCount'> {
  readonly owner: string;
  /** The agent's version: ten digits, so text order is its order. */
  readonly ordinal: string;
  /** Unset while it is 0. */
  readonly conversationCount?: number;
}

export const VERSION_USES = collectionSpec<VersionUseDoc>(
  'versionUses',
  { byVersion: { eq: ['owner'], order: 'ordinal' } },
  'owner',
);

/** That a version answered in a conversation: it is inserted once. The key begins with the conversation's. */
export interface ConversationVersionDoc extends Doc {
  readonly owner: string;
  readonly ordinal: string;
}

export const CONVERSATION_VERSIONS = collectionSpec<ConversationVersionDoc>(
  'conversationVersions',
  { byOwner: { eq: ['owner'], order: 'ordinal' } },
  'owner',
);

const PARTS = 16;
const BASE = 36;

/** The part that a batch is counted in. @param arrival of the batch; its last characters are random */
export function partOf(arrival: string): string {
  return String(Number.parseInt(arrival.slice(-2), BASE) % PARTS).padStart(2, '0');
}

/** Undefined for a message that names no version, and for test traffic. */
export function conversationVersionOf({
  doc: { owner, agentVersion, test },
  conversation,
}: StoredMessage): ConversationVersionDoc | undefined {
  if (agentVersion === undefined || test) return undefined;
  const ordinal = ordinalOf(agentVersion);
  return { key: `${conversation.key}/${ordinal}`, version: 1, owner, ordinal };
}

/** Counts a message of a version. @param at ISO-8601 */
export function messageUse(mark: ConversationVersionDoc, part: string, at: string): Increment {
  return {
    ...useOf(mark, part),
    add: { messageCount: 1 },
    min: { firstAt: at },
    max: { lastAt: at },
  };
}

/** Counts a conversation of a version. */
export function conversationUse(mark: ConversationVersionDoc, part: string): Increment {
  return { ...useOf(mark, part), add: { conversationCount: 1 } };
}

function useOf({ owner, ordinal }: ConversationVersionDoc, part: string) {
  return { key: `${owner}/${ordinal}/${part}`, init: { owner, ordinal } };
}

/** The usage of the newest versions that were used, newest first. @param limit versions */
export async function newestUsage(
  work: Work,
  uses: Scanner<VersionUseDoc>,
  owner: string,
  limit: number,
): Promise<readonly VersionUsage[]> {
  const byVersion = new Map<string, VersionUsage>();
  const scan = { index: 'byVersion', eq: [owner], reverse: true };
  for await (const use of allDocs(work, uses, scan)) {
    const sum = byVersion.get(use.ordinal);
    if (!sum && byVersion.size === limit) break;
    byVersion.set(use.ordinal, added(sum, use));
  }
  return [...byVersion.values()];
}

function added(sum: VersionUsage | undefined, use: VersionUseDoc): VersionUsage {
  const { ordinal, messageCount, conversationCount = 0, firstAt, lastAt } = use;
  if (!sum) {
    return { version: Number(ordinal), messageCount, conversationCount, firstAt, lastAt };
  }
  return {
    version: sum.version,
    messageCount: sum.messageCount + messageCount,
    conversationCount: sum.conversationCount + conversationCount,
    firstAt: firstAt < sum.firstAt ? firstAt : sum.firstAt,
    lastAt: lastAt > sum.lastAt ? lastAt : sum.lastAt,
  };
}

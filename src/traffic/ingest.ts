import { createHash } from 'node:crypto';
import type { AgentService } from '../agents/service.ts';
import type { Effects } from '../domain/effects.ts';
import { invalid, type Problem } from '../domain/errors.ts';
import { type Entry, type LogEntry, type Message, readEntry } from '../domain/traffic.ts';
import type { Collection, Doc, Store } from '../store/port.ts';
import type { Write } from '../store/writes.ts';
import type { Work } from '../work.ts';
import {
  arrivalTime,
  type LogDoc,
  logToStore,
  messageToStore,
  type StoredMessage,
  type TrafficCollections,
  type TrafficOwner,
} from './collections.ts';
import { hourUse } from './hours.ts';
import { conversationUse, conversationVersionOf, messageUse, partOf } from './version-usage.ts';

/** The result of a batch. Entries that were known already changed nothing. */
export interface Ingested {
  readonly messages: number;
  readonly logs: number;
  readonly known: number;
}

export const MAX_BATCH = 1_000;
/** How many batches a bulk load best has under way: on the embedded store they share a commit. */
export const BATCHES_AT_ONCE = 8;
/** More are counted in the message, and not listed. */
const MAX_PROBLEMS = 200;

/** The runtime's way in: batches of messages and log entries, as the reference shapes them. */
export class TrafficIngest {
  readonly #store: Pick<Store, 'commit'>;
  readonly #traffic: TrafficCollections;
  readonly #agents: AgentService;
  readonly #effects: Effects;

  constructor(
    store: Pick<Store, 'commit'>,
    traffic: TrafficCollections,
    agents: AgentService,
    effects: Effects,
  ) {
    this.#store = store;
    this.#traffic = traffic;
    this.#agents = agents;
    this.#effects = effects;
  }

  /**
   * Stores a batch of at most `MAX_BATCH` entries of one org's agents. A
   * batch can be sent again: a message of a known `messageId` changes nothing,
   * nor does a log entry of a known `logId`, or without one of the same content.
   *
   * Traffic of an agent that is removed meanwhile is purged with it.
   *
   * @throws DomainError `request.invalid`, with every problem and nothing written
   */
  async ingest(work: Work, org: string, batch: readonly unknown[]): Promise<Ingested> {
    if (batch.length > MAX_BATCH) {
      throw invalid([{ path: '', message: `a batch may hold ${MAX_BATCH} entries` }]);
    }
    const entries = await this.#read(work, org, batch);
    const arrival = arrivalTime(this.#effects.now().getTime()) + this.#effects.uid();
    const part = partOf(arrival);
    const messages: StoredMessage[] = [];
    const logs: LogDoc[] = [];
    for (const [i, { entry, agent }] of entries.entries()) {
      const place = arrival + i.toString(36).padStart(2, '0');
      if (entry.kind === 'message') messages.push(messageToStore(agent, entry.message, place));
      else logs.push(logToStore(agent, entry.log, entry.logId ?? contentId(entry.log), place));
    }
    for (;;) {
      const stored = await this.#append(work, messages, logs, part);
      if (stored) return { ...stored, known: batch.length - stored.messages - stored.logs };
    }
  }

  /**
   * Inserts those whose keys are new, and counts exactly these in their summaries, in one commit.
   *
   * @param part the part of the hours and of the usage of versions that counts them
   * @returns undefined, and writes nothing, when one of them was inserted at the same time
   */
  async #append(
    work: Work,
    messages: readonly StoredMessage[],
    logs: readonly LogDoc[],
    part: string,
  ) {
    const { messages: messageDocs, conversations, users, logs: logDocs } = this.#traffic;
    const { versionUses, conversationVersions, trafficHours } = this.#traffic;
    const marks = new Map(messages.map((it) => [it, conversationVersionOf(it)]));
    const named = [...marks.values()].filter((it) => it !== undefined);
    const [newMessages, newLogs, newMarks] = await Promise.all([
      newOf(work, messageDocs, messages, ({ doc }) => doc.key),
      newOf(work, logDocs, logs, ({ key }) => key),
      newOf(work, conversationVersions, named, ({ key }) => key),
    ]);
    const unused = new Set(newMarks.map(({ key }) => key));
    const writes: Write[] = [];
    for (const { doc, conversation, user } of newMessages) {
      writes.push(messageDocs.toInsert(doc));
      writes.push(conversations.toIncrement(conversation), users.toIncrement(user));
    }
    for (const message of newMessages) {
      const use = hourUse(message, part);
      if (use) writes.push(trafficHours.toIncrement(use));
      const mark = marks.get(message);
      if (!mark) continue;
      writes.push(versionUses.toIncrement(messageUse(mark, part, message.doc.timestamp)));
      if (!unused.delete(mark.key)) continue;
      writes.push(conversationVersions.toInsert(mark));
      writes.push(versionUses.toIncrement(conversationUse(mark, part)));
    }
    for (const log of newLogs) writes.push(logDocs.toInsert(log));
    const { committed } = await this.#store.commit(work, writes);
    return committed ? { messages: newMessages.length, logs: newLogs.length } : undefined;
  }

  async #read(
    work: Work,
    org: string,
    batch: readonly unknown[],
  ): Promise<{ entry: Entry; agent: TrafficOwner }[]> {
    const problems: Problem[] = [];
    const entries: Entry[] = [];
    for (const [i, value] of batch.entries()) {
      const read = readEntry(value, `[${i}]`);
      if (read.kind === 'bad') problems.push(...read.problems);
      else entries.push(read);
    }
    if (problems.length > 0) throw invalid(problems.slice(0, MAX_PROBLEMS));
    const ids = [...new Set(entries.map(agentIdOf))];
    const found = await this.#agents.owners(
      work,
      ids.map((id) => ({ org, id })),
    );
    const agents = new Map(ids.map((id, i) => [id, found[i]]));
    return entries.map((entry, i) => {
      const id = agentIdOf(entry);
      const agent = agents.get(id);
      const message = `there is no agent '${id}'`;
      if (!agent) throw invalid([{ path: `[${i}].agentId`, message }]);
      return { entry, agent };
    });
  }
}

/** The first of each key that no document has. */
async function newOf<T, D extends Doc>(
  work: Work,
  collection: Collection<D>,
  entries: readonly T[],
  keyOf: (entry: T) => string,
): Promise<readonly T[]> {
  const byKey = new Map<string, T>();
  for (const entry of entries) {
    const key = keyOf(entry);
    if (!byKey.has(key)) byKey.set(key, entry);
  }
  const keys = [...byKey.keys()];
  const found = keys.length > 0 ? await collection.getMany(work, keys, []) : [];
  return [...byKey.values()].filter((_, i) => !found[i]);
}

function agentIdOf(entry: Entry): string {
  const sent: Message | LogEntry = entry.kind === 'message' ? entry.message : entry.log;
  return sent.agentId;
}

/** Of all that was sent, or of a `raw` that identifies it as well as the runtime does. */
function contentId(log: LogEntry): string {
  const hash = createHash('sha256').update(JSON.stringify(log));
  return `log_${hash.digest('base64url').slice(0, 27)}`;
}

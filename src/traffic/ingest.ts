import { createHash } from 'node:crypto';
import { ownerKey } from '../agents/collection.ts';
import type { AgentService } from '../agents/service.ts';
import type { Agent } from '../domain/agents.ts';
import type { Effects } from '../domain/effects.ts';
import { invalid, type Problem } from '../domain/errors.ts';
import { type Entry, type LogEntry, type Message, readEntry } from '../domain/traffic.ts';
import type { Append, Collection, Doc } from '../store/port.ts';
import type { Work } from '../work.ts';
import {
  arrivalTime,
  type LogDoc,
  logToAppend,
  type MessageDoc,
  messageToAppend,
  type TrafficCollections,
} from './collections.ts';
import { purgeTraffic } from './purge.ts';

/** What became of a batch. What was known already changed nothing. */
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
  readonly #traffic: TrafficCollections;
  readonly #agents: AgentService;
  readonly #effects: Effects;

  constructor(traffic: TrafficCollections, agents: AgentService, effects: Effects) {
    this.#traffic = traffic;
    this.#agents = agents;
    this.#effects = effects;
  }

  /**
   * Takes a batch of at most `MAX_BATCH` entries of one org's agents. A
   * batch can be sent again: a message of a known `messageId` changes nothing,
   * nor does a log entry of a known `logId`, or without one of the same content.
   *
   * @throws DomainError `request.invalid`, with every problem and nothing written;
   *   `agent.not_found` when an agent was removed meanwhile
   */
  async ingest(work: Work, org: string, batch: readonly unknown[]): Promise<Ingested> {
    if (batch.length > MAX_BATCH) {
      throw invalid([{ path: '', message: `a batch may hold ${MAX_BATCH} entries` }]);
    }
    const entries = await this.#read(work, org, batch);
    const arrival = arrivalTime(this.#effects.now().getTime()) + this.#effects.uid();
    const messages: Append<MessageDoc>[] = [];
    const logs: Append<LogDoc>[] = [];
    for (const [i, { entry, agent }] of entries.entries()) {
      const place = arrival + i.toString(36).padStart(2, '0');
      if (entry.kind === 'message') messages.push(messageToAppend(agent, entry.message, place));
      else logs.push(logToAppend(agent, entry.log, entry.logId ?? contentId(entry.log), place));
    }
    const [newMessages, newLogs] = await Promise.all([
      appendSome(work, this.#traffic.messages, messages),
      appendSome(work, this.#traffic.logs, logs),
    ]);
    const agents = [...new Set(entries.map(({ agent }) => agent))];
    await this.#agents.assertStand(work, agents, (it) =>
      purgeTraffic(work, this.#traffic, ownerKey(it)),
    );
    return {
      messages: newMessages,
      logs: newLogs,
      known: batch.length - newMessages - newLogs,
    };
  }

  async #read(
    work: Work,
    org: string,
    batch: readonly unknown[],
  ): Promise<{ entry: Entry; agent: Agent }[]> {
    const problems: Problem[] = [];
    const entries: Entry[] = [];
    for (const [i, value] of batch.entries()) {
      const read = readEntry(value, `[${i}]`);
      if (read.kind === 'bad') problems.push(...read.problems);
      else entries.push(read);
    }
    if (problems.length > 0) throw invalid(problems.slice(0, MAX_PROBLEMS));
    const ids = [...new Set(entries.map(agentIdOf))];
    const found = await this.#agents.getMany(
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

async function appendSome<D extends Doc>(
  work: Work,
  collection: Collection<D>,
  entries: readonly Append<D>[],
): Promise<number> {
  return entries.length > 0 ? collection.append(work, entries) : 0;
}

function agentIdOf(entry: Entry): string {
  const sent: Message | LogEntry = entry.kind === 'message' ? entry.message : entry.log;
  return sent.agentId;
}

/** Its `raw` holds all of it, or tells it apart as well as the runtime does. */
function contentId(log: LogEntry): string {
  const hash = createHash('sha256').update(JSON.stringify(log));
  return `log_${hash.digest('base64url').slice(0, 27)}`;
}

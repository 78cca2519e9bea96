import { ACTIONS } from '../changes/actions.ts';
import { type ChangeDoc, ordinalOf } from '../changes/collection.ts';
import type { Agent } from '../domain/agents.ts';
import type { Effects } from '../domain/effects.ts';
import type { Collection } from '../store/port.ts';
import type { Work } from '../work.ts';
import { type Arrival, type Feed, type LiveStreams, OVERLAP_MS, type Watching } from './streams.ts';

/** Behind every ordinal, which has digits alone. */
const HIGHEST_ORDINAL = '~';
const LENGTH_OF_TIME = new Date(0).toISOString().length;

/** The actions of changes of an agent's document. */
const AGENT_ACTIONS = ACTIONS.filter((action) => /^(agent|channel|tool)\./.test(action));

/** The fields of a change that a version of an agent is shown by. */
const FIELDS = [
  'type',
  'id',
  'ordinal',
  'at',
  'actor',
  'door',
  'requestId',
  'action',
  'sections',
  'message',
] as const satisfies readonly (keyof ChangeDoc)[];

/** The versions of agents, as they are written. */
export class LiveChanges {
  readonly #changes: Collection<ChangeDoc>;
  readonly #streams: LiveStreams;
  readonly #now: Effects['now'];

  constructor(changes: Collection<ChangeDoc>, streams: LiveStreams, effects: Pick<Effects, 'now'>) {
    this.#changes = changes;
    this.#streams = streams;
    this.#now = effects.now;
  }

  /**
   * The versions behind that of an agent, each once and without a gap: they are followed by their
   * numbers. Ends after the removal.
   *
   * @throws DomainError `request.page_token` on a cursor of anything else, `server.busy`
   */
  ofAgent(
    work: Work,
    { org, uid, version }: Pick<Agent, 'org' | 'uid' | 'version'>,
    watching: Watching,
  ): AsyncGenerator<Arrival<ChangeDoc>> {
    const feed: Feed<ChangeDoc> = {
      org,
      name: ['agent', org, uid],
      start: ordinalOf(version),
      scan: (work, from, limit, after) => {
        const scan = { index: 'byResource', eq: [org, 'agent', uid], from, after, limit };
        return this.#changes.scan(work, { ...scan, fields: FIELDS });
      },
      positionOf: ({ ordinal }) => ordinal,
      latest: () => HIGHEST_ORDINAL,
      // A version is written after the one before.
      overlapped: (position) => position,
      isLast: ({ action }) => action === 'agent.deleted',
    };
    return this.#streams.watch(work, feed, watching);
  }

  /**
   * The versions of all agents of an org, in the order of time. One that was slow to commit comes
   * up to 3 s late.
   *
   * @throws as `ofAgent`
   */
  ofOrg(work: Work, org: string, watching: Watching): AsyncGenerator<Arrival<ChangeDoc>> {
    const latest = () => this.#now().toISOString();
    const feed: Feed<ChangeDoc> = {
      org,
      name: ['agents', org],
      start: latest(),
      scan: (work, position, limit, after) => {
        const from = timeIn(position);
        const scan = { index: 'byAction', eq: [org, AGENT_ACTIONS], from, after, limit };
        return this.#changes.scan(work, { ...scan, fields: FIELDS });
      },
      positionOf: ({ at, key }) => `${at} ${key}`,
      latest,
      overlapped: (position) =>
        new Date(Math.max(0, Date.parse(timeIn(position)) - OVERLAP_MS)).toISOString(),
    };
    return versionsOf(this.#streams.watch(work, feed, watching));
  }
}

function timeIn(position: string): string {
  return position.slice(0, LENGTH_OF_TIME);
}

/** Without the loss of a grant, which is no change of the agent's document. */
async function* versionsOf(stream: AsyncIterable<Arrival<ChangeDoc>>) {
  for await (const arrival of stream) if (arrival.doc.type === 'agent') yield arrival;
}

import { ownerKey } from '../agents/collection.ts';
import type { Effects } from '../domain/effects.ts';
import {
  type Arrival,
  type Feed,
  type LiveStreams,
  OVERLAP_MS,
  type Watching,
} from '../live/streams.ts';
import type { Scanner } from '../paging/pager.ts';
import type { Work } from '../work.ts';
import { arrivalTime, type LogDoc, type MessageDoc, type TrafficOwner } from './collections.ts';
import type { TrafficService } from './service.ts';

/** What arrives in an agent's traffic, as it arrives: read from the index of arrivals. */
export class LiveTraffic {
  readonly #traffic: TrafficService;
  readonly #streams: LiveStreams;
  readonly #now: Effects['now'];

  constructor(traffic: TrafficService, streams: LiveStreams, effects: Pick<Effects, 'now'>) {
    this.#traffic = traffic;
    this.#streams = streams;
    this.#now = effects.now;
  }

  /** @throws DomainError `request.page_token` on a cursor of anything else, `server.busy` */
  messages(
    work: Work,
    owner: TrafficOwner,
    watching: Watching,
  ): AsyncGenerator<Arrival<MessageDoc>> {
    const feed = this.#feed(this.#traffic.collections.messages, 'messages', owner);
    return this.#streams.watch(work, feed, watching);
  }

  /** As `messages`. */
  logs(work: Work, owner: TrafficOwner, watching: Watching): AsyncGenerator<Arrival<LogDoc>> {
    const feed = this.#feed(this.#traffic.collections.logs, 'logs', owner);
    return this.#streams.watch(work, feed, watching);
  }

  #feed<D extends MessageDoc | LogDoc>(
    collection: Scanner<D>,
    name: string,
    owner: TrafficOwner,
  ): Feed<D> {
    const key = ownerKey(owner);
    const latest = () => arrivalTime(this.#now().getTime());
    return {
      org: owner.org,
      name: [name, key],
      scan: (work, from, limit, after) =>
        collection.scan(work, { index: 'arrivals', eq: [key], from, after, limit }),
      positionOf: ({ arrival }) => arrival,
      start: latest(),
      latest,
      overlapped,
    };
  }
}

function overlapped(position: string): string {
  const millis = Number.parseInt(position.slice(0, arrivalTime(0).length), 36);
  return arrivalTime(Math.max(0, millis - OVERLAP_MS));
}

import type { Effects } from '../domain/effects.ts';
import type { ChangeData, DomainEvent, NewEvent } from '../domain/events.ts';
import { traceOf } from '../domain/trace.ts';
import type { MaybePromise } from '../store/bounds.ts';
import type { Collection, CommitResult, Store } from '../store/port.ts';
import type { Write } from '../store/writes.ts';
import type { Work } from '../work.ts';
import { type Action, actionsOf, mainAction, type Verb } from './actions.ts';
import {
  type ChangeDoc,
  changeKey,
  ordinalOf,
  type ResourceType,
  type StoredResource,
} from './collection.ts';
import { FIRST_RUN_AFTER_MS, type JobDoc, jobOf } from './jobs.ts';
import type { Purger } from './purge.ts';

export interface ChangeLogParts {
  readonly store: Pick<Store, 'commit'>;
  readonly changes: Collection<ChangeDoc>;
  readonly jobs: Collection<JobDoc>;
  readonly effects: Pick<Effects, 'now' | 'uid'>;
  readonly watched: {
    /** Whether the org has a webhook, paused ones included. */
    has(work: Work, org: string): MaybePromise<boolean>;
    /** Called when it has one from now on. */
    created(org: string): void;
  };
}

/** A change, as the service describes it that makes it. */
export interface NewChange {
  readonly type: ResourceType;
  readonly resource: StoredResource;
  readonly verb: Verb;
  /** The version of the resource after the change. */
  readonly version: number;
  readonly at: string;
  readonly events: readonly NewEvent[];
  readonly sections?: readonly string[] | undefined;
}

/** Commits changes with their records; one for the whole process. */
export class ChangeLog {
  readonly #parts: ChangeLogParts;
  readonly #purgers = new Map<ResourceType, Purger[]>();
  #onPending: () => void = () => undefined;
  #onJob: (afterMs: number) => void = () => undefined;

  constructor(parts: ChangeLogParts) {
    this.#parts = parts;
  }

  get now(): () => Date {
    return this.#parts.effects.now;
  }

  /** Registers what removes the documents that belong to removed resources of a type. */
  purgeWith(type: ResourceType, ...purgers: readonly Purger[]): void {
    this.#purgers.set(type, [...this.purgersOf(type), ...purgers]);
  }

  purgersOf(type: ResourceType): readonly Purger[] {
    return this.#purgers.get(type) ?? [];
  }

  /** @param listeners called after a commit with events to pass on, or with a job that is due later */
  listen(listeners: {
    readonly pending: () => void;
    readonly job: (afterMs: number) => void;
  }): void {
    this.#onPending = listeners.pending;
    this.#onJob = listeners.job;
  }

  /**
   * Whether events of the org are to be passed on. To be read before a change is committed: a
   * webhook that is created in between is sent the events of such changes by a job (`catchUp`).
   */
  isWatched(work: Work, org: string): MaybePromise<boolean> {
    return this.#parts.watched.has(work, org);
  }

  /**
   * Commits writes and the record of the change that they make.
   *
   * @param writes the write of the resource's document, before others that belong to it
   * @param catchUp whether the change makes an org watched
   */
  async commit(
    work: Work,
    change: NewChange,
    writes: readonly Write[],
    watched: boolean,
    catchUp = false,
  ): Promise<CommitResult> {
    const { store, changes, jobs, watched: orgs } = this.#parts;
    const record = this.#recordOf(work, change, watched);
    const purges = change.verb === 'deleted' && this.#purgers.has(change.type);
    const job = purges ? 'purge' : catchUp ? 'catchUp' : undefined;
    const all = [...writes, changes.toInsert(record)];
    if (job) all.push(jobs.toInsert(jobOf(job, change.type, change.resource, change.at)));
    const result = await store.commit(work, all);
    if (!result.committed) return result;
    if (record.pending !== undefined) this.#onPending();
    if (catchUp) orgs.created(change.resource.org);
    if (job) this.#onJob(FIRST_RUN_AFTER_MS[job]);
    return result;
  }

  /** Commits writes that change no resource. */
  commitAlone(work: Work, writes: readonly Write[]): Promise<CommitResult> {
    return this.#parts.store.commit(work, writes);
  }

  #recordOf({ origin }: Work, change: NewChange, watched: boolean): ChangeDoc {
    const { type, resource, verb, version, at, events, sections } = change;
    const { org, id, uid, agentId } = resource;
    const ordinal = ordinalOf(version);
    const eventId = events.length > 0 ? this.#parts.effects.uid() : undefined;
    const { actor, door, message, restoredFrom, plan, idempotencyUse } = origin;
    const actions = actionsOf(type, verb, events);
    const action = mainAction(type, verb, actions);
    const partId = partOf(resource, events, action);
    return {
      key: changeKey(type, resource, ordinal),
      version: 1,
      org,
      type,
      id,
      uid,
      ...(agentId !== undefined && { agentId }),
      ordinal,
      at,
      actor,
      door,
      ...traceOf(origin),
      ...(message !== undefined && { message }),
      ...(restoredFrom !== undefined && { restoredFrom }),
      ...(plan !== undefined && { plan }),
      ...(idempotencyUse !== undefined && { idempotencyUse }),
      actions,
      action,
      actorId: actor.id,
      ...(partId !== undefined && { partId }),
      ...(sections && { sections }),
      ...(eventId && { events, eventId }),
      ...(eventId && watched && { pending: eventId }),
    };
  }
}

/** The id of the part of a resource that an action is about. */
function partOf(
  { id, agentId }: StoredResource,
  events: readonly NewEvent[],
  action: Action,
): string | undefined {
  const data = events.find(({ type }) => type === action)?.data;
  const isPart = data && 'agentId' in data && agentId === undefined && data.agentId === id;
  return isPart ? data.id : undefined;
}

const INDEX_LENGTH = 2;

/** The events of a change as webhooks are sent them: their ids are the same each time. */
export function eventsOf(change: ChangeDoc): readonly DomainEvent[] {
  const { events = [], eventId, at } = change;
  const data = dataOf(change);
  const trace = traceOf(change);
  return events.map((event, i) => ({
    ...withData(event, data),
    ...trace,
    id: `evt_${eventId}${i === 0 ? '' : i.toString(36).padStart(INDEX_LENGTH, '0')}`,
    timestamp: at,
  }));
}

function dataOf({ type, actor: { kind, id }, ordinal, sections }: ChangeDoc): ChangeData {
  return {
    actor: { kind, id },
    ...(type !== 'tool' && { version: Number(ordinal) }),
    ...(sections && { sections }),
  };
}

function withData<E extends NewEvent>(event: E, data: ChangeData): E & { data: ChangeData } {
  return { ...event, data: { ...event.data, ...data } };
}

import DataLoader from 'dataloader';
import type { Context, Loaders } from '../../schema/context.ts';
import { type AgentKey, type AgentOwner, agentKey } from '../agents/collection.ts';
import type { Agent } from '../domain/agents.ts';
import type { Services } from '../services.ts';
import type { Span } from '../tracing/span.ts';
import { spanned, type Work } from '../work.ts';
import { FieldBudget } from './field-budget.ts';

/** What a request brings to its context. */
export type RequestContext = Pick<Context, 'principal' | 'identify' | 'requestId' | 'work'>;

/**
 * One request's context.
 *
 * @param maxFields how many fields its answer may have
 */
export function createContext(
  services: Services,
  request: RequestContext,
  maxFields: number,
): Context {
  const { principal, identify, requestId, work } = request;
  return {
    principal,
    identify,
    requestId,
    work,
    fields: new FieldBudget(maxFields),
    services,
    loaders: new RequestLoaders(services, work),
  };
}

/** The same context for what an operation does within its span. */
export function contextWithin(span: Span, context: Context, services: Services): Context {
  const work = spanned(context.work, span);
  return { ...context, work, loaders: new RequestLoaders(services, work) };
}

/** Reads each document once, and at once where the store does: several in one read cost no less. */
class OneByOne<K, V> {
  readonly #keyOf: (ref: K) => string;
  readonly #find: (ref: K) => V;
  readonly #read = new Map<string, V>();

  constructor(keyOf: (ref: K) => string, find: (ref: K) => V) {
    this.#keyOf = keyOf;
    this.#find = find;
  }

  load(ref: K): V {
    const key = this.#keyOf(ref);
    const read = this.#read.get(key);
    if (read !== undefined) return read;
    const found = this.#find(ref);
    this.#read.set(key, found);
    return found;
  }
}

/** Each is made when it is first used: most requests use one. */
class RequestLoaders implements Loaders {
  readonly #services: Services;
  readonly #work: Work;
  readonly #made: { -readonly [K in keyof Loaders]?: Loaders[K] } = {};

  constructor(services: Services, work: Work) {
    this.#services = services;
    this.#work = work;
  }

  get traffic(): Loaders['traffic'] {
    this.#made.traffic ??= this.#services.traffic.batched(this.#work);
    return this.#made.traffic;
  }

  get people(): Loaders['people'] {
    this.#made.people ??= this.#services.people.batched(this.#work);
    return this.#made.people;
  }

  get outreachLinks(): Loaders['outreachLinks'] {
    this.#made.outreachLinks ??= this.#services.outreachLinks.batched(this.#work);
    return this.#made.outreachLinks;
  }

  get appointments(): Loaders['appointments'] {
    this.#made.appointments ??= this.#services.people.batchedAppointments(this.#work);
    return this.#made.appointments;
  }

  get org(): Loaders['org'] {
    const { orgs } = this.#services;
    this.#made.org ??= new DataLoader((ids) => orgs.getMany(this.#work, ids));
    return this.#made.org;
  }

  get person(): Loaders['person'] {
    const { people } = this.#services;
    this.#made.person ??= new DataLoader((keys) => people.getMany(this.#work, keys));
    return this.#made.person;
  }

  get personOfUser(): Loaders['personOfUser'] {
    const { personChannels } = this.#services;
    this.#made.personOfUser ??= new DataLoader(
      (users) => {
        const parts = new Set(users.flatMap((it) => it.parts));
        return personChannels.peopleOf(this.#work, users, [...parts]);
      },
      {
        cacheKeyFn: ({ owner, channel, userId, parts }) =>
          JSON.stringify([owner, channel, userId, parts]),
      },
    );
    return this.#made.personOfUser;
  }

  get personChannels(): Loaders['personChannels'] {
    const { personChannels } = this.#services;
    this.#made.personChannels ??= new DataLoader((people) =>
      personChannels.channelsOf(this.#work, people),
    );
    return this.#made.personChannels;
  }

  get usersOfPerson(): Loaders['usersOfPerson'] {
    const { personChannels } = this.#services;
    this.#made.usersOfPerson ??= new DataLoader((people) =>
      personChannels.usersOf(this.#work, people),
    );
    return this.#made.usersOfPerson;
  }

  get agent(): Loaders['agent'] {
    const { agents, traits } = this.#services;
    this.#made.agent ??= traits.embedded
      ? new OneByOne(agentKey, (ref) => agents.find(this.#work, ref))
      : new DataLoader<AgentKey, Agent | undefined, string>(
          (refs) => agents.getMany(this.#work, refs),
          { cacheKeyFn: agentKey },
        );
    return this.#made.agent;
  }

  get agentOwner(): Loaders['agentOwner'] {
    const { agents } = this.#services;
    this.#made.agentOwner ??= new DataLoader<AgentKey, AgentOwner | undefined, string>(
      (refs) => agents.owners(this.#work, refs),
      { cacheKeyFn: agentKey },
    );
    return this.#made.agentOwner;
  }

  get credential(): Loaders['credential'] {
    const { oauth } = this.#services;
    this.#made.credential ??= new DataLoader((keys) => oauth.credentials(this.#work, keys));
    return this.#made.credential;
  }

  get secret(): Loaders['secret'] {
    const { readiness } = this.#services;
    this.#made.secret ??= new DataLoader((keys) => readiness.secrets(this.#work, keys));
    return this.#made.secret;
  }

  get apiKeyUse(): Loaders['apiKeyUse'] {
    const { lastUse } = this.#services.apiKeys;
    this.#made.apiKeyUse ??= new DataLoader((keys) => lastUse.lastUsedAt(this.#work, keys));
    return this.#made.apiKeyUse;
  }

  get webhookResult(): Loaders['webhookResult'] {
    const { webhooks } = this.#services;
    this.#made.webhookResult ??= new DataLoader((keys) => webhooks.lastResults(this.#work, keys));
    return this.#made.webhookResult;
  }
}

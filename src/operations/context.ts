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
  return {
    ...request,
    fields: new FieldBudget(maxFields),
    services,
    loaders: new RequestLoaders(services, request.work),
  };
}

/** The same context for what an operation does within its span. */
export function contextWithin(span: Span, context: Context, services: Services): Context {
  const work = spanned(context.work, span);
  return { ...context, work, loaders: new RequestLoaders(services, work) };
}

/** Each is made when it is first used: most requests use one. */
class RequestLoaders implements Loaders {
  readonly #services: Services;
  readonly #work: Work;
  #traffic: Loaders['traffic'] | undefined;
  #people: Loaders['people'] | undefined;
  #outreachLinks: Loaders['outreachLinks'] | undefined;
  #appointments: Loaders['appointments'] | undefined;
  #org: Loaders['org'] | undefined;
  #person: Loaders['person'] | undefined;
  #personOfUser: Loaders['personOfUser'] | undefined;
  #personChannels: Loaders['personChannels'] | undefined;
  #usersOfPerson: Loaders['usersOfPerson'] | undefined;
  #agent: Loaders['agent'] | undefined;
  #agentOwner: Loaders['agentOwner'] | undefined;
  #secret: Loaders['secret'] | undefined;
  #credential: Loaders['credential'] | undefined;
  #apiKeyUse: Loaders['apiKeyUse'] | undefined;
  #webhookResult: Loaders['webhookResult'] | undefined;

  constructor(services: Services, work: Work) {
    this.#services = services;
    this.#work = work;
  }

  get traffic(): Loaders['traffic'] {
    this.#traffic ??= this.#services.traffic.batched(this.#work);
    return this.#traffic;
  }

  get people(): Loaders['people'] {
    this.#people ??= this.#services.people.batched(this.#work);
    return this.#people;
  }

  get outreachLinks(): Loaders['outreachLinks'] {
    this.#outreachLinks ??= this.#services.outreachLinks.batched(this.#work);
    return this.#outreachLinks;
  }

  get appointments(): Loaders['appointments'] {
    this.#appointments ??= this.#services.people.batchedAppointments(this.#work);
    return this.#appointments;
  }

  get org(): Loaders['org'] {
    const { orgs } = this.#services;
    this.#org ??= new DataLoader((ids) => orgs.getMany(this.#work, ids));
    return this.#org;
  }

  get person(): Loaders['person'] {
    const { people } = this.#services;
    this.#person ??= new DataLoader((keys) => people.getMany(this.#work, keys));
    return this.#person;
  }

  get personOfUser(): Loaders['personOfUser'] {
    const { personChannels } = this.#services;
    this.#personOfUser ??= new DataLoader(
      (users) => {
        const parts = new Set(users.flatMap((it) => it.parts));
        return personChannels.peopleOf(this.#work, users, [...parts]);
      },
      {
        cacheKeyFn: ({ owner, channel, userId, parts }) =>
          JSON.stringify([owner, channel, userId, parts]),
      },
    );
    return this.#personOfUser;
  }

  get personChannels(): Loaders['personChannels'] {
    const { personChannels } = this.#services;
    this.#personChannels ??= new DataLoader((people) =>
      personChannels.channelsOf(this.#work, people),
    );
    return this.#personChannels;
  }

  get usersOfPerson(): Loaders['usersOfPerson'] {
    const { personChannels } = this.#services;
    this.#usersOfPerson ??= new DataLoader((people) => personChannels.usersOf(this.#work, people));
    return this.#usersOfPerson;
  }

  get agent(): Loaders['agent'] {
    const { agents } = this.#services;
    this.#agent ??= new DataLoader<AgentKey, Agent | undefined, string>(
      (refs) => agents.getMany(this.#work, refs),
      { cacheKeyFn: agentKey },
    );
    return this.#agent;
  }

  get agentOwner(): Loaders['agentOwner'] {
    const { agents } = this.#services;
    this.#agentOwner ??= new DataLoader<AgentKey, AgentOwner | undefined, string>(
      (refs) => agents.owners(this.#work, refs),
      { cacheKeyFn: agentKey },
    );
    return this.#agentOwner;
  }

  get credential(): Loaders['credential'] {
    const { oauth } = this.#services;
    this.#credential ??= new DataLoader((keys) => oauth.credentials(this.#work, keys));
    return this.#credential;
  }

  get secret(): Loaders['secret'] {
    const { readiness } = this.#services;
    this.#secret ??= new DataLoader((keys) => readiness.secrets(this.#work, keys));
    return this.#secret;
  }

  get apiKeyUse(): Loaders['apiKeyUse'] {
    const { lastUse } = this.#services.apiKeys;
    this.#apiKeyUse ??= new DataLoader((keys) => lastUse.lastUsedAt(this.#work, keys));
    return this.#apiKeyUse;
  }

  get webhookResult(): Loaders['webhookResult'] {
    const { webhooks } = this.#services;
    this.#webhookResult ??= new DataLoader((keys) => webhooks.lastResults(this.#work, keys));
    return this.#webhookResult;
  }
}

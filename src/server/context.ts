import DataLoader from 'dataloader';
import type { Context, Services } from '../../schema/context.ts';
import { type AgentRef, agentKey } from '../agents/collection.ts';
import type { Principal } from '../auth/principal.ts';
import type { Agent } from '../domain/agent.ts';

/** What a request brings to its context. */
export interface RequestContext {
  readonly principal: Principal | null;
  readonly requestId: string;
}

/** One request's context. */
export function createContext(services: Services, request: RequestContext): Context {
  return {
    ...request,
    services,
    loaders: {
      ...services.traffic.batchedReads(),
      outreachLinks: services.outreachLinks.batched(),
      appointments: services.people.batchedAppointments(),
      agent: new DataLoader<AgentRef, Agent | undefined, string>(
        (refs) => services.agents.getMany(refs),
        { cacheKeyFn: agentKey },
      ),
      webhookResult: new DataLoader((keys) => services.webhooks.lastResults(keys)),
      credential: new DataLoader((keys) => services.oauth.credentials(keys)),
      apiKeyUse: new DataLoader((keys) => services.apiKeys.lastUse.lastUsedAt(keys)),
    },
  };
}

import type DataLoader from 'dataloader';
import type { AgentKey } from '../src/agents/collection.ts';
import type { Identify } from '../src/auth/authenticate.ts';
import type { Principal } from '../src/auth/principal.ts';
import type { Agent } from '../src/domain/agents.ts';
import type { CredentialDoc } from '../src/oauth/credentials.ts';
import type { OutreachLinkDoc } from '../src/outreach-links/collection.ts';
import type { Scanner } from '../src/paging/pager.ts';
import type { AppointmentDoc, PersonDoc } from '../src/people/collection.ts';
import type { Services } from '../src/services.ts';
import type { TrafficScanners } from '../src/traffic/collections.ts';
import type { WebhookResult } from '../src/webhooks/service.ts';
import type { Work } from '../src/work.ts';

/** What is loaded twice in a request is read once; a failed load is an `Error` in its place. */
export interface Loaders {
  /** Scans of a collection that come together are one read. */
  readonly traffic: TrafficScanners;
  readonly people: Scanner<PersonDoc>;
  readonly outreachLinks: Scanner<OutreachLinkDoc>;
  readonly appointments: Scanner<AppointmentDoc>;
  readonly agent: DataLoader<AgentKey, Agent | undefined, string>;
  /** An OAuth credential, by its key in the store. */
  readonly credential: DataLoader<string, CredentialDoc | undefined>;
  /** When an API key was last used, by its key in the store. */
  readonly apiKeyUse: DataLoader<string, string | undefined>;
  /** How the last try of a webhook went, by its key in the store. */
  readonly webhookResult: DataLoader<string, WebhookResult | undefined>;
}

/** One request's context, the same for GraphQL and REST. */
export interface Context {
  readonly principal: Principal | null;
  /**
   * Tells anew whom the request's token stands for, for what goes on after the request.
   *
   * @throws DomainError `auth.unauthenticated` once it stands for nobody
   */
  readonly identify: Identify;
  readonly requestId: string;
  /** What bounds the request, and who asked: the first argument of service calls. */
  readonly work: Work;
  readonly services: Services;
  readonly loaders: Loaders;
}

import type DataLoader from 'dataloader';
import type { AgentRef } from '../src/agents/collection.ts';
import type { AgentService } from '../src/agents/service.ts';
import type { ApiKeyService } from '../src/auth/api-key-service.ts';
import type { Principal } from '../src/auth/principal.ts';
import type { Catalog } from '../src/catalog/catalog.ts';
import type { ChannelService } from '../src/channels/service.ts';
import type { DefinitionService } from '../src/definitions/service.ts';
import type { Agent } from '../src/domain/agent.ts';
import type { MemberService } from '../src/members/service.ts';
import type { CredentialDoc } from '../src/oauth/credentials.ts';
import type { OAuthGrantService } from '../src/oauth/grant-service.ts';
import type { OAuthService } from '../src/oauth/service.ts';
import type { OrgService } from '../src/orgs/service.ts';
import type { OutreachLinkDoc } from '../src/outreach-links/collection.ts';
import type { OutreachLinkService } from '../src/outreach-links/service.ts';
import type { Walker } from '../src/paging/pager.ts';
import type { AppointmentDoc, PersonDoc } from '../src/people/collection.ts';
import type { PeopleRuntime } from '../src/people/runtime.ts';
import type { PeopleService } from '../src/people/service.ts';
import type { PreviewService } from '../src/previews/service.ts';
import type { ReadinessService } from '../src/readiness/service.ts';
import type { SecretRotation } from '../src/secrets/rotation.ts';
import type { ToolBindingService } from '../src/tools/service.ts';
import type { TrafficWalkers } from '../src/traffic/collections.ts';
import type { TrafficIngest } from '../src/traffic/ingest.ts';
import type { LiveTraffic } from '../src/traffic/live.ts';
import type { TrafficService } from '../src/traffic/service.ts';
import type { WebhookResult, WebhookService } from '../src/webhooks/service.ts';

/** What resolvers and commands call. Made once, by the composition root. */
export interface Services {
  readonly agents: AgentService;
  readonly channels: ChannelService;
  readonly outreachLinks: OutreachLinkService;
  readonly readiness: ReadinessService;
  readonly orgs: OrgService;
  readonly apiKeys: ApiKeyService;
  readonly members: MemberService;
  readonly webhooks: WebhookService;
  readonly secretRotation: SecretRotation;
  readonly toolBindings: ToolBindingService;
  readonly oauth: OAuthService;
  readonly oauthGrants: OAuthGrantService;
  readonly catalog: Catalog;
  readonly definitions: DefinitionService;
  readonly people: PeopleService;
  readonly previews: PreviewService;
  readonly peopleRuntime: PeopleRuntime;
  readonly traffic: TrafficService;
  readonly live: LiveTraffic;
  readonly ingest: TrafficIngest;
}

/** What is loaded twice in a request is read once; a failed load is an `Error` in its place. */
export interface Loaders {
  /** Walks of a collection that come together are one read. */
  readonly traffic: TrafficWalkers;
  readonly people: Walker<PersonDoc>;
  readonly outreachLinks: Walker<OutreachLinkDoc>;
  readonly appointments: Walker<AppointmentDoc>;
  readonly agent: DataLoader<AgentRef, Agent | undefined, string>;
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
  readonly identify: () => Promise<Principal | null>;
  readonly requestId: string;
  readonly services: Services;
  readonly loaders: Loaders;
}

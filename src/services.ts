import type { AgentService } from './agents/service.ts';
import type { ApiKeyService } from './api-keys/service.ts';
import type { Catalog } from './catalog/catalog.ts';
import type { ChannelService } from './channels/service.ts';
import type { DefinitionService } from './definitions/service.ts';
import type { HistoryService } from './history/service.ts';
import type { MemberService } from './members/service.ts';
import type { OAuthGrantService } from './oauth/grant-service.ts';
import type { OAuthService } from './oauth/service.ts';
import type { OrgService } from './orgs/service.ts';
import type { OutreachLinkService } from './outreach-links/service.ts';
import type { PeopleRuntime } from './people/runtime.ts';
import type { PeopleService } from './people/service.ts';
import type { PreviewService } from './previews/service.ts';
import type { ReadinessService } from './readiness/service.ts';
import type { SecretRotation } from './secrets/rotation.ts';
import type { ToolBindingService } from './tool-bindings/service.ts';
import type { TrafficIngest } from './traffic/ingest.ts';
import type { LiveTraffic } from './traffic/live.ts';
import type { TrafficService } from './traffic/service.ts';
import type { WebhookService } from './webhooks/service.ts';

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
  readonly history: HistoryService;
  readonly people: PeopleService;
  readonly previews: PreviewService;
  readonly peopleRuntime: PeopleRuntime;
  readonly traffic: TrafficService;
  readonly live: LiveTraffic;
  readonly ingest: TrafficIngest;
}

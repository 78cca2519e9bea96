import type DataLoader from 'dataloader';
import type { AgentKey, AgentOwner } from '../src/agents/collection.ts';
import type { Identify } from '../src/auth/authenticate.ts';
import type { Principal } from '../src/auth/principal.ts';
import type { Agent } from '../src/domain/agents.ts';
import type { ChannelUser, PersonChannel } from '../src/domain/channel-users.ts';
import type { Org } from '../src/domain/orgs.ts';
import type { CredentialDoc } from '../src/oauth/credentials.ts';
import type { OutreachLinkDoc } from '../src/outreach-links/collection.ts';
import type { Scanner } from '../src/paging/pager.ts';
import type { OwnedUser, WithChannels } from '../src/people/channels.ts';
import type { AppointmentDoc, PersonDoc } from '../src/people/collection.ts';
import type { SecretDoc } from '../src/secrets/secret-store.ts';
import type { Services } from '../src/services.ts';
import type { MaybePromise } from '../src/store/bounds.ts';
import type { TrafficScanners } from '../src/traffic/collections.ts';
import type { WebhookResult } from '../src/webhooks/service.ts';
import type { Work } from '../src/work.ts';

/** A user of a channel, and the parts to read of the person who it is. */
export interface UserToFind extends OwnedUser {
  readonly parts: readonly string[];
}

/** Readers for one request: each reads a document at most once, and many documents in one read. */
export interface Loaders {
  /** Combines concurrent scans of a collection into one read. */
  readonly traffic: TrafficScanners;
  readonly people: Scanner<PersonDoc>;
  readonly outreachLinks: Scanner<OutreachLinkDoc>;
  readonly appointments: Scanner<AppointmentDoc>;
  /** An org, by its id. */
  readonly org: DataLoader<string, Org | undefined>;
  /** A person, by the key in the store. */
  readonly person: DataLoader<string, PersonDoc | undefined>;
  /** The person who a user of a channel is. */
  readonly personOfUser: DataLoader<UserToFind, PersonDoc | undefined, string>;
  readonly personChannels: DataLoader<WithChannels, readonly PersonChannel[]>;
  readonly usersOfPerson: DataLoader<WithChannels, readonly ChannelUser[]>;
  /** An agent: at once, where the store is in this process. */
  readonly agent: { load(ref: AgentKey): MaybePromise<Agent | undefined> };
  readonly agentOwner: DataLoader<AgentKey, AgentOwner | undefined, string>;
  /** An OAuth credential, by its key in the store. */
  readonly credential: DataLoader<string, CredentialDoc | undefined>;
  /** A secret, sealed, by its key in the store. */
  readonly secret: DataLoader<string, SecretDoc | undefined>;
  /** When an API key was last used, by its key in the store. */
  readonly apiKeyUse: DataLoader<string, string | undefined>;
  /** The result of a webhook's last attempt, by the webhook's key in the store. */
  readonly webhookResult: DataLoader<string, WebhookResult | undefined>;
}

/** One request's context, the same for GraphQL and REST. */
export interface Context {
  readonly principal: Principal | null;
  /**
   * Re-authenticates the request's token; used by subscriptions, which outlive the request.
   *
   * @throws DomainError `auth.unauthenticated` if the token is no longer valid
   */
  readonly identify: Identify;
  readonly requestId: string;
  /** The bounds and the origin of the request: the first argument of service calls. */
  readonly work: Work;
  /** Counts the fields of the answer. */
  readonly fields: {
    /** @throws DomainError `request.too_complex` once the answer has too many */
    take(fields: number): void;
    readonly counted: number;
    /** Counts a field that leads to objects or a list. @returns whether there were many before it */
    isOneOfMany(): boolean;
  };
  readonly services: Services;
  readonly loaders: Loaders;
}

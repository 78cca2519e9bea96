import { ownerKey } from '../agents/collection.ts';
import type { AgentService } from '../agents/service.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { ChangeLog } from '../changes/change-log.ts';
import type { Effects } from '../domain/effects.ts';
import type { RateLimits } from '../http/rate-limits.ts';
import { CREDENTIALS, CredentialStore } from '../oauth/credentials.ts';
import { OAuthGrantService } from '../oauth/grant-service.ts';
import { PENDING_GRANTS, PendingGrants } from '../oauth/pending-grants.ts';
import { ProviderClients } from '../oauth/provider-clients.ts';
import { OAuthService } from '../oauth/service.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { SECRETS, type SecretStore } from '../secrets/secret-store.ts';
import type { Store } from '../store/port.ts';
import { ToolBindingService } from '../tool-bindings/service.ts';
import type { Tracer } from '../tracing/span.ts';
import type { Settings } from './settings.ts';

/** Of each call to a provider; a request makes at most two. */
const PROVIDER_TIMEOUT_MS = 4_000;

export interface ToolParts {
  readonly settings: Settings;
  readonly store: Store;
  readonly agents: AgentService;
  readonly tools: Catalog['tools'];
  readonly keyring: Keyring;
  readonly secrets: SecretStore;
  readonly effects: Effects;
  readonly log: ChangeLog;
  readonly tracer: Tracer | undefined;
  readonly limits: RateLimits;
}

/** Creates what binds and connects tools, and registers its purge with the agent. */
export async function openTools(parts: ToolParts) {
  const { settings, store, agents, tools, keyring, secrets, effects, log, tracer, limits } = parts;
  const { now } = effects;
  const sealed = await store.collection(CREDENTIALS);
  const secretDocs = await store.collection(SECRETS);
  const credentials = new CredentialStore(store, sealed, keyring, effects);
  const pending = new PendingGrants(store, await store.collection(PENDING_GRANTS), keyring, now);
  const providers = new ProviderClients(settings.oauthProviders, {
    now,
    timeoutMs: PROVIDER_TIMEOUT_MS,
    tracer,
  });
  const oauth = new OAuthService({ agents, tools, credentials, providers, effects, log });
  agents.purgeWith(async (_, agent, purge) => {
    const owner = ownerKey(agent);
    await pending.purge(purge, owner);
    await purge(sealed, 'byOwner', [owner]);
    await purge(secretDocs, 'byOwner', [owner]);
  });
  return {
    /** The credentials as they are stored, for the rotation of their key. */
    sealed,
    services: {
      oauth,
      oauthGrants: new OAuthGrantService({
        admitStart: (caller) => void limits.take('oauthStarts', caller),
        agents,
        tools,
        credentials,
        pending,
        providers,
        effects,
        returnHosts: settings.oauthReturnHosts,
      }),
      toolBindings: new ToolBindingService({ agents, tools, secrets, oauth, effects }),
    },
  };
}

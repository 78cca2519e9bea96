import { hkdfSync } from 'node:crypto';
import type { Services } from '../../schema/context.ts';
import { AGENTS } from '../agents/collection.ts';
import { AgentService } from '../agents/service.ts';
import { API_KEY_USES, API_KEYS } from '../auth/api-key-collection.ts';
import { ApiKeyService } from '../auth/api-key-service.ts';
import { loadCatalog } from '../catalog/load.ts';
import { ORGS } from '../orgs/collection.ts';
import { OrgService } from '../orgs/service.ts';
import { PageTokens } from '../paging/page-token.ts';
import { Pager } from '../paging/pager.ts';
import { Outbox } from '../records/outbox.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/port.ts';
import { systemEffects } from './effects.ts';
import { secretsKeyOf } from './secrets-key.ts';
import type { Settings } from './settings.ts';

/** The services over their store, joined: what the gateway serves and what commands work with. */
export interface OpenServices {
  readonly services: Services;
  readonly store: Store;
  /** Where changes put their events; a relay passes them on. */
  readonly outbox: Outbox;
  /** Writes down what is pending and closes the store. */
  close(): Promise<void>;
}

/**
 * Opens the store and makes every service, once. Nothing runs in the background
 * yet: that is for whoever keeps the services open to start.
 *
 * @throws SettingsError, CatalogError, StoreUnavailable
 */
export async function openServices(settings: Settings): Promise<OpenServices> {
  const catalog = loadCatalog();
  const secretsKey = secretsKeyOf(settings);
  const store = await openStore(settings.store);
  const effects = systemEffects();
  const outbox = new Outbox(effects);
  const pager = new Pager(new PageTokens(derived(secretsKey, 'page tokens')));
  const services: Services = {
    catalog,
    orgs: new OrgService(await store.collection(ORGS), effects, outbox),
    agents: new AgentService(await store.collection(AGENTS), pager, effects, outbox),
    apiKeys: new ApiKeyService({
      keys: await store.collection(API_KEYS),
      uses: await store.collection(API_KEY_USES),
      pager,
      effects,
      outbox,
    }),
  };
  return {
    services,
    store,
    outbox,
    async close() {
      await services.apiKeys.lastUse.stop();
      await store.close();
    },
  };
}

/** A key of its own for each use of the secrets key. */
function derived(secretsKey: Buffer, use: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secretsKey, '', use, 32));
}

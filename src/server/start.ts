import { hkdfSync } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Router } from '../../rest-compat/router.ts';
import { routes } from '../../rest-compat/routes/index.ts';
import type { Services } from '../../schema/context.ts';
import { buildSchema } from '../../schema/index.ts';
import { undeclaredEdges } from '../../schema/rights.ts';
import { AGENTS } from '../agents/collection.ts';
import { AgentService } from '../agents/service.ts';
import { API_KEY_USES, API_KEYS, ApiKeyService } from '../auth/api-key-service.ts';
import { ORGS } from '../orgs/collection.ts';
import { OrgService } from '../orgs/service.ts';
import { PageTokens } from '../paging/page-token.ts';
import { Pager } from '../paging/pager.ts';
import { openStore } from '../store/open.ts';
import { bootstrap, type FirstStart } from './bootstrap.ts';
import { systemEffects } from './effects.ts';
import { createGateway } from './graphql.ts';
import { createHttpServer } from './http.ts';
import { createLogger } from './log.ts';
import { secretsKeyOf } from './secrets-key.ts';
import type { Settings } from './settings.ts';

export interface RunningServer {
  readonly url: string;
  readonly services: Services;
  /** Set when this start made the first org. */
  readonly firstStart: FirstStart | undefined;
  /** Takes no new requests, finishes those under way, and closes the store. */
  stop(): Promise<void>;
}

const DRAIN_MS_AT_MOST = 10_000;

/** The composition root: makes every part, once, and joins them. */
export async function startServer(settings: Settings): Promise<RunningServer> {
  const log = createLogger(settings.logLevel);
  const secretsKey = secretsKeyOf(settings);
  const schema = buildSchema();
  const undeclared = undeclaredEdges(schema);
  if (undeclared.length > 0) throw new Error(`no right is declared on ${undeclared.join(', ')}`);

  const store = await openStore(settings.store);
  const effects = systemEffects();
  const pager = new Pager(new PageTokens(derived(secretsKey, 'page tokens')));
  const orgs = new OrgService(await store.collection(ORGS), effects);
  const agents = new AgentService(await store.collection(AGENTS), pager, effects);
  const apiKeys = new ApiKeyService(
    await store.collection(API_KEYS),
    await store.collection(API_KEY_USES),
    effects,
  );
  const firstStart = await bootstrap(settings, orgs, apiKeys);

  const services: Services = { agents, orgs, apiKeys };
  const gateway = createGateway(schema, services, log);
  const router = new Router(schema, routes, gateway.execute);
  for (const { document } of router.routes) gateway.compiled.add(document);
  const server = createHttpServer({
    router,
    gateway,
    strategies: [apiKeys.strategy()],
    store,
    log,
  });
  apiKeys.lastUse.start((error) => log.warn({ err: error }, 'last use of API keys not written'));
  server.listen(settings.port, settings.host);
  await once(server, 'listening');

  const { port } = server.address() as AddressInfo;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  const url = settings.publicUrl ?? `http://${host}:${port}`;
  log.info({ url }, `ready at ${url}`);
  return {
    url,
    services,
    firstStart,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS_AT_MOST);
      await closed;
      clearTimeout(cut);
      await apiKeys.lastUse.stop();
      await store.close();
      log.info('stopped');
    },
  };
}

/** A key of its own for each use of the secrets key. */
function derived(secretsKey: Buffer, use: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secretsKey, '', use, 32));
}

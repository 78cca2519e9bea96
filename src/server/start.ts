import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphQLSchema } from 'graphql';
import { openApiOf } from '../../rest-compat/openapi/document.ts';
import { documentSchemaOf } from '../../rest-compat/openapi/document-schema.ts';
import { PREFIX, Router } from '../../rest-compat/router.ts';
import { pageRoutes, routes } from '../../rest-compat/routes/index.ts';
import { errorTranslator } from '../../schema/errors.ts';
import { buildSchema } from '../../schema/index.ts';
import { undeclaredEdges } from '../../schema/rights.ts';
import { Authenticator } from '../auth/authenticate.ts';
import { Issuer } from '../auth/issuer.ts';
import { authStrategies } from '../auth/strategies.ts';
import { loadCatalog } from '../catalog/load.ts';
import { DOCUMENTS } from '../client/documents.ts';
import { DEMO_MS, loadDemo } from '../demo/demo.ts';
import { SetClock } from '../demo/past.ts';
import { KeptAnswers } from '../http/kept-answers.ts';
import { Once } from '../http/once.ts';
import { STATUS } from '../http/status.ts';
import { GraphqlDoor } from '../operations/graphql-door.ts';
import { documentHash } from '../operations/operation-note.ts';
import { Pipeline } from '../operations/pipeline.ts';
import { TrustedDocuments } from '../operations/trusted-documents.ts';
import { streamedGraphql } from '../operations/yoga.ts';
import { packageVersion } from '../package/package.ts';
import { builtFiles, consoleDocumentsFile } from '../pages/built.ts';
import { AGENT_SCHEMA, DescriptionFile, OPENAPI } from '../pages/descriptions.ts';
import { Pages } from '../pages/pages.ts';
import { signInSettings } from '../pages/sign-in-settings.ts';
import type { Services } from '../services.ts';
import { STORE_FORMAT } from '../store/format.ts';
import type { Tracing } from '../tracing/otel.ts';
import type { TracingSettings } from '../tracing/settings.ts';
import { allEnded, systemWork } from '../work.ts';
import { accessLog } from './access-log.ts';
import { startBackground } from './background.ts';
import { bootstrap, type FirstStart } from './bootstrap.ts';
import { type OpenServices, openServices, servicesOn } from './compose.ts';
import { systemEffects } from './effects.ts';
import { createHttpServer } from './http.ts';
import { type Logger, type Logs, noteFailure, openLogs, written } from './log.ts';
import type { Metrics } from './metrics.ts';
import { type MetricsServer, serveMetrics } from './metrics-server.ts';
import { oauthCallback } from './oauth-callback.ts';
import type { Settings } from './settings.ts';
import { shownSettings } from './shown-settings.ts';
import { allObservers, tracedCalls } from './store-observers.ts';
import { readTrustedDocuments } from './trusted-documents.ts';

export interface RunningServer {
  readonly url: string;
  /** Undefined where none are served. */
  readonly metricsUrl: string | undefined;
  readonly services: Services;
  /** Takes no new requests, finishes those under way, and closes the store. */
  stop(): Promise<void>;
}

/** A collector that is down is reported so often at most. */
const EXPORT_WARNING_MS = 60_000;
/** What an answer may still take once its request's time is up. */
const MAX_DRAIN_MS = 2_000;

/** What watches the server, where its settings say so. */
interface Observers {
  readonly metrics: Metrics | undefined;
  readonly tracing: Tracing | undefined;
}

/**
 * Serves the schema over HTTP, on the services of `openServices`.
 *
 * @param onFirstStart called as soon as this start has created the first org: its key is shown once
 * @param openAll opens the store and everything on it
 * @param givenLogs in place of those on stdout
 * @throws SettingsError, CatalogError, StoreUnavailable
 */
export async function startServer(
  settings: Settings,
  onFirstStart: (made: FirstStart, url: string) => void = () => undefined,
  openAll: typeof openServices = openServices,
  givenLogs?: Logs,
): Promise<RunningServer> {
  const logs = givenLogs ?? (await openLogs(settings.logLevel, settings.logFormat));
  const { log } = logs;
  const schema = buildSchema();
  const undeclared = undeclaredEdges(schema);
  if (undeclared.length > 0) throw new Error(`no right is declared on ${undeclared.join(', ')}`);

  const catalog = loadCatalog();
  const metrics = settings.metricsPort === undefined ? undefined : await openMetrics();
  const tracing = settings.tracing && (await openTraces(settings.tracing, log));
  const events = {
    indexesMade: (collection: string, indexes: readonly string[]) =>
      log.info({ collection, indexes }, 'indexes made'),
    calls: allObservers([
      ...(metrics ? [metrics.onStoreCall] : []),
      ...(tracing ? [tracedCalls(settings.store.kind)] : []),
    ]),
    tracer: tracing?.tracer,
  };
  const open = await openAll(settings, events, catalog);
  try {
    return await listen(settings, schema, open, { ...logs, metrics, tracing }, onFirstStart);
  } catch (error) {
    await open.close();
    throw error;
  }
}

async function listen(
  settings: Settings,
  schema: GraphQLSchema,
  open: OpenServices,
  { metrics, tracing, ...logs }: Logs & Observers,
  onFirstStart: (made: FirstStart, url: string) => void,
): Promise<RunningServer> {
  const { log } = logs;
  const { services, store, effects, close } = open;
  const { apiKeys, orgs, members } = services;
  const work = systemWork('start');
  const translate = errorTranslator({
    statusOf: (code) => STATUS[code],
    onFailure: noteFailure(log),
  });
  const pipeline = new Pipeline(schema, services, translate, settings);
  const trusted =
    settings.trustedDocuments === undefined
      ? undefined
      : new TrustedDocuments(
          // Those of the console and the client too: both work in an org that trusts documents only.
          new Map([
            ...Object.values(DOCUMENTS).map((text) => [documentHash(text), text] as const),
            ...[consoleDocumentsFile(), settings.trustedDocuments].flatMap((file) => [
              ...readTrustedDocuments(file, (text) => pipeline.prepare(text)),
            ]),
          ]),
          orgs,
        );
  const kept = new KeptAnswers(store, settings.answerCacheBytes);
  const writes = new Once(open.idempotency.records);
  const router = new Router(
    schema,
    { routes, pageRoutes },
    {
      execute: (document, variables, caller) =>
        pipeline.run(document, variables, pipeline.context(caller)),
      pages: { oauthCallback: oauthCallback(services.oauthGrants, services.catalog.tools) },
      kept,
      once: writes,
    },
  );
  const authenticator = new Authenticator(
    authStrategies({
      apiKeys,
      members,
      issuer: settings.oidc && new Issuer(settings.oidc),
      now: () => effects.now().getTime(),
      onIssuerUnavailable: (error) =>
        log.warn({ err: error }, 'the issuer of session tokens does not answer'),
    }),
    (work, documents) => kept.areCurrent(work, documents),
  );
  const described = [
    new DescriptionFile(OPENAPI, () => openApiOf(schema, router.routes, PREFIX, packageVersion())),
    new DescriptionFile(AGENT_SCHEMA, () => documentSchemaOf(schema)),
  ];
  const logRequest = accessLog(logs);
  const { server, stop, load } = createHttpServer({
    rest: router,
    graphql: new GraphqlDoor({
      pipeline,
      kept,
      once: writes,
      stream: streamedGraphql(pipeline),
      trusted,
    }),
    pages: new Pages([
      ...builtFiles(settings.oidc ? [new URL(settings.oidc.issuer).origin] : []),
      signInSettings(settings.oidc),
      ...described,
    ]),
    authenticator,
    store,
    missingKeys: open.missingKeys,
    settings,
    limits: open.limits,
    log,
    tracer: tracing?.tracer,
    onEnd: metrics
      ? (ended) => {
          logRequest(ended);
          metrics.onEnd(ended);
        }
      : logRequest,
  });
  server.listen(settings.port, settings.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = urlOf(port, settings);
  let metricsServer: MetricsServer | undefined;
  try {
    if (metrics && settings.metricsPort !== undefined) {
      metricsServer = await serveMetrics(metrics, {
        host: settings.host,
        port: settings.metricsPort,
      });
    }
    // Not before: a start that finds its port taken must not have minted a key that nobody sees.
    const firstStart = await bootstrap(work, settings, orgs, apiKeys);
    if (firstStart) onFirstStart(firstStart, url);
    if (firstStart && settings.demoData) {
      await loadPast(open, settings, firstStart.org);
    }
  } catch (error) {
    server.close();
    server.closeAllConnections();
    await metricsServer?.stop();
    throw error;
  }
  const stopBackground = startBackground(open, settings, log, {
    metrics,
    tracer: tracing?.tracer,
  });

  metrics?.read({
    changes: open.logParts.changes,
    deliveries: open.deliveryParts.deliveries,
    keptBytes: () => kept.bytes,
    streams: () => services.streams.total,
    load,
    now: effects.now,
  });

  services.oauthGrants.redirectTo(`${url}${PREFIX}/oauth/callback`);
  const links = {
    graphql: `${url}/graphql`,
    docs: `${url}/docs`,
    console: `${url}/console`,
    metrics: metricsServer?.url,
  };
  log.info(
    {
      version: packageVersion(),
      node: process.version,
      storeFormat: STORE_FORMAT,
      settings: shownSettings(settings),
      url,
      host: settings.host,
      port,
      links,
    },
    `ready at ${url}`,
  );
  const { missing } = open;
  if (missing.length > 0) log.warn({ keys: missing }, 'no given key opens some of the secrets');
  await written(log);
  const stopping = new AbortController();
  const documents = router.routes.map(({ document }) => document);
  const warming = Promise.all([
    pipeline.executor.compileAll(documents, stopping.signal),
    pipeline.introspection.warm(stopping.signal),
  ]);
  return {
    url,
    metricsUrl: metricsServer?.url,
    services,
    async stop() {
      stopping.abort();
      await warming;
      services.streams.stop();
      await stop(settings.requestTimeoutMs + MAX_DRAIN_MS);
      await stopBackground();
      await metricsServer?.stop();
      await Promise.race([allEnded(), sleep(MAX_DRAIN_MS, undefined, { ref: false })]);
      await tracing?.stop(MAX_DRAIN_MS);
      await close();
      log.info('stopped');
      await written(log);
    },
  };
}

/** Loads the demo with services of their own, whose clock shows its past. */
async function loadPast(open: OpenServices, settings: Settings, org: string): Promise<void> {
  const now = open.effects.now().getTime();
  const clock = new SetClock(now - DEMO_MS);
  const effects = { ...systemEffects(), now: clock.now };
  const past = await servicesOn(open.store, settings, open.services.catalog, false, { effects });
  const { services, logParts, deliveryParts } = past;
  await loadDemo(org, now, { services, clock, changes: logParts.changes, deliveryParts });
}

/** Loaded where it is used: most starts need not wait for it. */
async function openMetrics(): Promise<Metrics> {
  const { Metrics } = await import('./metrics.ts');
  return new Metrics();
}

/** Loaded only here: a server that does not trace has no part of it. */
async function openTraces(settings: TracingSettings, log: Logger): Promise<Tracing> {
  const { openTracing } = await import('../tracing/otel.ts');
  let failedAt = Number.NEGATIVE_INFINITY;
  return openTracing(settings, packageVersion(), randomUUID(), (error) => {
    const now = performance.now();
    if (now - failedAt < EXPORT_WARNING_MS) return;
    failedAt = now;
    // The collector's answer may repeat what it was sent.
    log.warn({ reason: error?.name }, 'spans were not exported; they are lost');
  });
}

function urlOf(port: number, { host, publicUrl }: Settings): string {
  return publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

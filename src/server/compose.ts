import { AGENTS } from '../agents/collection.ts';
import { AgentService } from '../agents/service.ts';
import { API_KEY_USES, API_KEYS } from '../api-keys/collection.ts';
import { ApiKeyService } from '../api-keys/service.ts';
import { AuditLog } from '../audit/service.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { catalogOnUse } from '../catalog/load.ts';
import { ChangeLog, type ChangeLogParts } from '../changes/change-log.ts';
import { CHANGES } from '../changes/collection.ts';
import { JOBS } from '../changes/jobs.ts';
import { ChannelService, withWebchat } from '../channels/service.ts';
import { DefinitionService } from '../definitions/service.ts';
import type { Effects } from '../domain/effects.ts';
import { AGENT_NUMBERS, VERSIONS } from '../history/collection.ts';
import { HistoryService } from '../history/service.ts';
import { type HistoryCollections, VersionWriter } from '../history/writer.ts';
import { RateLimits } from '../http/rate-limits.ts';
import { IDEMPOTENCY } from '../idempotency/collection.ts';
import { IdempotencyRecords } from '../idempotency/records.ts';
import { IdempotencySweep } from '../idempotency/sweep.ts';
import { LiveChanges } from '../live/changes.ts';
import { LiveStreams } from '../live/streams.ts';
import { MEMBERS, OWNER_LOCKS } from '../members/collection.ts';
import { MemberService } from '../members/service.ts';
import { ORGS } from '../orgs/collection.ts';
import { OrgService } from '../orgs/service.ts';
import { OUTREACH_CODES, OUTREACH_LINKS } from '../outreach-links/collection.ts';
import { OutreachLinkService } from '../outreach-links/service.ts';
import { PageTokens } from '../paging/page-token.ts';
import { Pager } from '../paging/pager.ts';
import { PersonChannels } from '../people/channels.ts';
import { APPOINTMENTS, PEOPLE, PERSON_LINKS } from '../people/collection.ts';
import { PeopleRuntime } from '../people/runtime.ts';
import { PeopleService } from '../people/service.ts';
import { PlanService } from '../plans/service.ts';
import { PlanTokens } from '../plans/tokens.ts';
import { PreviewService } from '../previews/service.ts';
import { PromptService } from '../prompts/service.ts';
import { SHARED_LIMITS, type SharedLimitDoc } from '../rate-limits/collection.ts';
import { ReadinessService } from '../readiness/service.ts';
import { SecretRotation } from '../secrets/rotation.ts';
import { SECRETS, SecretStore } from '../secrets/secret-store.ts';
import type { Services } from '../services.ts';
import { openStore } from '../store/open.ts';
import type { Collection, Store, StoreEvents } from '../store/port.ts';
import { TokenCounter } from '../tokens/counter.ts';
import type { Tracer } from '../tracing/span.ts';
import { CONVERSATIONS, LOGS, MESSAGES, USERS } from '../traffic/collections.ts';
import { TRAFFIC_HOURS } from '../traffic/hours.ts';
import { TrafficIngest } from '../traffic/ingest.ts';
import { LiveTraffic } from '../traffic/live.ts';
import { TrafficService } from '../traffic/service.ts';
import { CONVERSATION_VERSIONS, VERSION_USES } from '../traffic/version-usage.ts';
import { DELIVERIES, WEBHOOK_RESULTS, WEBHOOKS } from '../webhooks/collection.ts';
import type { RunnerParts } from '../webhooks/runner.ts';
import { WebhookService } from '../webhooks/service.ts';
import { WatchedOrgs } from '../webhooks/watched-orgs.ts';
import { systemWork, type Work } from '../work.ts';
import { YamlThread } from '../yaml/thread.ts';
import { openTools } from './compose-tools.ts';
import { systemEffects } from './effects.ts';
import { openKeys } from './open-secrets.ts';
import { derivedKey } from './secrets-key.ts';
import type { Settings } from './settings.ts';

/** How much longer than a request's deadline its last write may take to end. */
export const MAX_LATE_MS = 60_000;

/** The services over their store, joined: what the gateway serves and what commands work with. */
export interface OpenServices {
  readonly services: Services;
  readonly store: Store;
  readonly log: ChangeLog;
  /** What the background reads and writes of the change log. */
  readonly logParts: Pick<ChangeLogParts, 'changes' | 'jobs'>;
  /** What the background reads and writes of the history of agents. */
  readonly historyParts: HistoryCollections;
  /** What delivering to webhooks reads and writes. */
  readonly deliveryParts: Pick<RunnerParts, 'store' | 'deliveries' | 'results' | 'secrets'>;
  readonly idempotency: { readonly records: IdempotencyRecords; readonly sweep: IdempotencySweep };
  readonly effects: Effects;
  readonly limits: RateLimits;
  /** What the processes on the store share of their rate limits. */
  readonly sharedLimits: Collection<SharedLimitDoc>;
  readonly yaml: YamlThread;
  /** The ids of keys that sealed secrets needed at the start and no setting gives. */
  readonly missing: readonly string[];
  /** The same, as of now. */
  missingKeys(work: Work): Promise<readonly string[]>;
  /** Writes down what is pending and closes the store. */
  close(): Promise<void>;
}

/** What watches the services. */
interface Observers {
  /** Traces the calls of other hosts. */
  readonly tracer?: Tracer | undefined;
}

/**
 * Opens the store and makes every service, once. Nothing runs in the background
 * yet: the caller that keeps the services open starts it.
 *
 * @param mayLackKeys whether secrets that no given key opens are accepted
 * @throws SettingsError, StoreUnavailable, StoreMisconfigured
 */
export async function openServices(
  settings: Settings,
  { tracer, ...events }: StoreEvents & Observers = {},
  catalog: Catalog = catalogOnUse(),
  mayLackKeys = false,
): Promise<OpenServices> {
  const store = await openStore(settings.store, events);
  try {
    return await servicesOn(store, settings, catalog, mayLackKeys, { tracer });
  } catch (error) {
    await store.close();
    throw error;
  }
}

interface ServicesOptions extends Observers {
  /** The clock and randomness of the services; the machine's by default. */
  readonly effects?: Effects;
}

/**
 * `openServices` on a store that is open.
 *
 * @throws SettingsError, StoreUnavailable, StoreMisconfigured
 */
export async function servicesOn(
  store: Store,
  settings: Settings,
  catalog: Catalog,
  mayLackKeys = false,
  { effects = systemEffects(), tracer }: ServicesOptions = {},
): Promise<OpenServices> {
  const { keys, keyring, missing, missingKeys } = await openKeys(settings, store, mayLackKeys);
  const yaml = new YamlThread();
  const tokens = new TokenCounter();
  const webhooks = await store.collection(WEBHOOKS);
  const logParts = {
    changes: await store.collection(CHANGES),
    jobs: await store.collection(JOBS),
  };
  const log = new ChangeLog({
    ...logParts,
    store,
    effects,
    watched: new WatchedOrgs(webhooks),
  });
  const pageTokens = new PageTokens(derivedKey(keys.current, 'page tokens'));
  const pager = new Pager(pageTokens);
  const sealed = await store.collection(SECRETS);
  const records = await store.collection(IDEMPOTENCY);
  const idempotency = {
    records: new IdempotencyRecords({
      store,
      records,
      changes: logParts.changes,
      keyring,
      effects,
      leaseMs: settings.requestTimeoutMs + MAX_LATE_MS,
    }),
    sweep: new IdempotencySweep({ store, records, now: effects.now }),
  };
  const secrets = new SecretStore(sealed, keyring, effects);
  const historyParts = {
    versions: await store.collection(VERSIONS),
    numbers: await store.collection(AGENT_NUMBERS),
  };
  const agents = new AgentService(
    await store.collection(AGENTS),
    pager,
    effects,
    log,
    new VersionWriter(historyParts),
    (content) => withWebchat(content, catalog.channels, effects),
  );
  const appointments = await store.collection(APPOINTMENTS);
  const personDocs = await store.collection(PEOPLE);
  const personLinks = await store.collection(PERSON_LINKS);
  const people = new PeopleService(
    personDocs,
    appointments,
    personLinks,
    agents,
    pager,
    effects,
    log,
  );
  const traffic = {
    messages: await store.collection(MESSAGES),
    conversations: await store.collection(CONVERSATIONS),
    users: await store.collection(USERS),
    logs: await store.collection(LOGS),
    versionUses: await store.collection(VERSION_USES),
    conversationVersions: await store.collection(CONVERSATION_VERSIONS),
    trafficHours: await store.collection(TRAFFIC_HOURS),
  };
  const deliveryParts = {
    store,
    deliveries: await store.collection(DELIVERIES),
    results: await store.collection(WEBHOOK_RESULTS),
    secrets,
  };
  const limits = new RateLimits(settings.rateLimits);
  const orgs = new OrgService(await store.collection(ORGS), effects, log);
  const tools = await openTools({
    settings,
    store,
    agents,
    tools: catalog.tools,
    keyring,
    secrets,
    effects,
    log,
    tracer,
    limits,
  });
  const outreachLinks = new OutreachLinkService({
    links: await store.collection(OUTREACH_LINKS),
    codes: await store.collection(OUTREACH_CODES),
    agents,
    pager,
    effects,
    log,
    embedBaseUrl: settings.embedBaseUrl,
  });
  const streams = new LiveStreams(pageTokens, settings.maxStreams);
  const trafficService = new TrafficService(traffic, agents, pager, effects);
  const readiness = new ReadinessService({
    catalog,
    oauth: tools.services.oauth,
    secrets,
    outreachLinks,
    effects,
    tokens,
    maxPromptTokens: settings.promptMaxTokens,
  });
  const plans = new PlanService({
    agents,
    toolBindings: tools.services.toolBindings,
    readiness,
    changes: logParts.changes,
    tokens: new PlanTokens(keyring),
    effects,
  });
  const history = new HistoryService({
    ...historyParts,
    changes: logParts.changes,
    agents,
    plans,
    catalog,
    pager,
  });
  const services: Services = {
    catalog,
    orgs,
    agents,
    auditLog: new AuditLog(logParts.changes, pager),
    people,
    previews: new PreviewService({ orgs, people }),
    prompts: new PromptService({
      catalog,
      oauth: tools.services.oauth,
      secrets,
      orgs,
      people,
      tokens,
      history,
    }),
    definitions: new DefinitionService({
      agents,
      history,
      plans,
      catalog,
      yaml,
    }),
    history,
    personChannels: new PersonChannels(personDocs, personLinks, traffic.users),
    peopleRuntime: new PeopleRuntime(people, appointments, personLinks, effects),
    outreachLinks,
    readiness,
    plans,
    traffic: trafficService,
    streams,
    live: new LiveTraffic(trafficService, streams, effects),
    liveChanges: new LiveChanges(logParts.changes, streams, effects),
    ingest: new TrafficIngest(store, traffic, agents, effects),
    traits: store.traits,
    channels: new ChannelService({ agents, manifests: catalog.channels, secrets, effects }),
    apiKeys: new ApiKeyService({
      store,
      keys: await store.collection(API_KEYS),
      uses: await store.collection(API_KEY_USES),
      pager,
      effects,
      log,
    }),
    members: new MemberService({
      members: await store.collection(MEMBERS),
      ownerLocks: await store.collection(OWNER_LOCKS),
      pager,
      effects,
      log,
    }),
    ...tools.services,
    webhooks: new WebhookService({
      ...deliveryParts,
      webhooks,
      pager,
      effects,
      log,
      allowPrivate: settings.webhookAllowPrivate,
    }),
    secretRotation: new SecretRotation(store, [sealed, tools.sealed], keyring),
  };
  return {
    services,
    store,
    effects,
    log,
    logParts,
    historyParts,
    deliveryParts,
    idempotency,
    limits,
    sharedLimits: await store.collection(SHARED_LIMITS),
    yaml,
    missing,
    missingKeys,
    async close() {
      await yaml.stop();
      await tokens.stop();
      await services.apiKeys.lastUse.stop(systemWork('stop'));
      await store.close();
    },
  };
}

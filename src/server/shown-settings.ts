import type { Settings } from './settings.ts';

/** How each setting is logged: a new one does not compile without a decision. */
const SHOWN: { readonly [K in keyof Settings]: (value: Settings[K]) => unknown } = {
  host: plain,
  port: plain,
  store: ({ kind, ...location }) =>
    `${kind} ${'path' in location ? location.path : withoutCredentials(location.url)}`,
  bootstrapOrg: plain,
  bootstrapApiKey: given,
  publicUrl: plain,
  embedBaseUrl: plain,
  secretsKey: given,
  secretsKeysOld: ({ length }) => length,
  allowUnreadableSecrets: plain,
  oidc: plain,
  webhookAllowPrivate: plain,
  requestTimeoutMs: plain,
  maxRequests: plain,
  maxStreams: plain,
  maxLoopDelayMs: plain,
  maxAnswerBytes: plain,
  maxBytesUnderWay: plain,
  maxQueryFields: plain,
  stalledMs: plain,
  answerCacheBytes: plain,
  oauthReturnHosts: plain,
  corsOrigins: plain,
  trustedDocuments: plain,
  oauthProviders: (providers) => Object.keys(providers),
  demoData: plain,
  stopDelayMs: plain,
  logLevel: plain,
  logFormat: plain,
  metricsPort: plain,
  tracing: (tracing) =>
    tracing && { endpoint: new URL(tracing.endpoint).origin, sampler: tracing.sampler },
  rateLimits: plain,
  trustedProxies: plain,
  promptMaxTokens: plain,
  historyDays: plain,
};

/** The settings in force, without secrets: of keys it shows only whether or how many are given. */
export function shownSettings(settings: Settings): Record<string, unknown> {
  const shown = <K extends keyof Settings>(name: K) => [name, SHOWN[name](settings[name])];
  return Object.fromEntries(Object.keys(SHOWN).map((name) => shown(name as keyof Settings)));
}

function plain<T>(value: T): T {
  return value;
}

function given(secret: unknown): string {
  return secret === undefined ? 'not given' : 'given';
}

/** A URL of MongoDB may have several hosts, so it is not one that `URL` reads. */
function withoutCredentials(url: string): string {
  return url.replace(/^([^:]+:\/\/)[^/?]*@/, '$1***@').replace(/\?.*$/, '');
}

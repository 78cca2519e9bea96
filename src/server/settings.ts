import { isWellFormed } from '../api-keys/token.ts';
import { parseHttpUrl } from '../domain/formats.ts';
import { isSlug } from '../domain/ids.ts';
import type { RateLimitSettings } from '../http/rate-limits.ts';
import type { OAuthClientSettings } from '../oauth/provider-client.ts';
import { parseStoreUrl, type StoreLocation } from '../store/open.ts';
import type { TracingSettings } from '../tracing/settings.ts';
import { withSecretFiles } from './secret-files.ts';
import { type Environment, Reader } from './settings-reader.ts';
import { readTracing } from './tracing-settings.ts';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type ServerLogLevel = (typeof LOG_LEVELS)[number];
const LOG_FORMATS = ['json', 'pretty'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** The settings in force (decisions, section 1). */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly store: StoreLocation;
  readonly bootstrapOrg: string;
  /** Minted on first start when undefined. */
  readonly bootstrapApiKey: string | undefined;
  /** Base of links, without a trailing slash; follows from host and port when undefined. */
  readonly publicUrl: string | undefined;
  /** Base of outreach links, without a trailing slash. */
  readonly embedBaseUrl: string;
  /** 32 bytes; made beside the store when undefined. */
  readonly secretsKey: Buffer | undefined;
  /** Retired keys that still decrypt. */
  readonly secretsKeysOld: readonly Buffer[];
  /** Whether the store may contain secrets that no key opens: their key is lost. */
  readonly allowUnreadableSecrets: boolean;
  /** Who signs user session tokens, and for whom; they are refused when undefined. */
  readonly oidc: { readonly issuer: string; readonly audience: string } | undefined;
  /** Whether webhooks may lead to private addresses, and over plain http. */
  readonly webhookAllowPrivate: boolean;
  /** How long a request may take before it is answered 503. */
  readonly requestTimeoutMs: number;
  /** How many requests may be under way at once; the next is answered 503. */
  readonly maxRequests: number;
  /** How many live streams may be watched at once. */
  readonly maxStreams: number;
  /** The event loop is saturated while it is later than that; see `CpuShares`. */
  readonly maxLoopDelayMs: number;
  /** Bytes that one answer may have. */
  readonly maxAnswerBytes: number;
  /** Bytes that the bodies of all requests, and the unread answers, may each have together. */
  readonly maxBytesUnderWay: number;
  /** Fields that one answer may have, and that a query may ask for. */
  readonly maxQueryFields: number;
  /** A prompt with more estimated tokens gets a warning of readiness. */
  readonly promptMaxTokens: number;
  /** A connection that makes no progress for so long is ended. */
  readonly stalledMs: number;
  /** Bytes of answers that are kept to be sent again. */
  readonly answerCacheBytes: number;
  /** Hosts, with their port where it is not the scheme's own, that an OAuth `returnTo` may name. */
  readonly oauthReturnHosts: readonly string[];
  /** Origins whose pages may call the API, as browsers send them. */
  readonly corsOrigins: readonly string[];
  /** A file of trusted documents; see `readTrustedDocuments`. */
  readonly trustedDocuments: string | undefined;
  /** By provider, in lower case. */
  readonly oauthProviders: Readonly<Record<string, OAuthClientSettings>>;
  /** How long versions of agents are kept, and the history of a removed agent. */
  readonly historyDays: number;
  /** Whether a first start also loads the demo agent. */
  readonly demoData: boolean;
  /** How long a server that is stopping still serves, not ready, so that its clients notice. */
  readonly stopDelayMs: number;
  readonly logLevel: ServerLogLevel;
  readonly logFormat: LogFormat;
  readonly rateLimits: RateLimitSettings;
  /** How many proxies are in front of the server: see `clientAddress`. */
  readonly trustedProxies: number;
  /** Where the metrics are served; nowhere when undefined. */
  readonly metricsPort: number | undefined;
  /** Where spans are exported, and which; nothing is traced when undefined. */
  readonly tracing: TracingSettings | undefined;
}

/** Every setting that cannot be used, at once. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`these settings cannot be used:\n${problems.map((it) => `  - ${it}`).join('\n')}`);
    this.problems = problems;
  }
}

const MEBIBYTE = 1024 * 1024;

/**
 * @param given secrets may stand in files (`secret-files.ts`)
 * @throws SettingsError naming every setting that cannot be used
 */
export function readSettings(given: Environment): Settings {
  const unreadable: string[] = [];
  const environment = withSecretFiles(given, unreadable);
  const reader = new Reader(environment);
  reader.problems.push(...unreadable);
  const store = reader.read(
    'STORE_URL',
    parseStoreUrl,
    'lmdb:PATH, lmdb::memory: or mongodb://…',
    true,
  );
  const secretsKey = reader.read('SECRETS_KEY', parseKey, 'base64 of 32 bytes', true);
  if (store?.kind === 'mongodb' && !environment.SECRETS_KEY) {
    reader.problems.push('SECRETS_KEY is required with a mongodb: store (base64 of 32 bytes)');
  }
  const settings: Settings = {
    host: reader.read('HOST', (text) => text, 'a host') ?? '127.0.0.1',
    port: reader.read('PORT', parsePort, 'a port from 0 to 65535') ?? 4000,
    store: store ?? { kind: 'lmdb', path: './data' },
    bootstrapOrg:
      reader.read('BOOTSTRAP_ORG', (text) => (isSlug(text) ? text : undefined), 'a slug') ?? 'acme',
    bootstrapApiKey: reader.read(
      'BOOTSTRAP_API_KEY',
      (text) => (isWellFormed(text) ? text : undefined),
      'an API key with a right checksum (sk-any-api01-…)',
      true,
    ),
    publicUrl: reader.read('PUBLIC_URL', parseBaseUrl, 'an http or https URL'),
    embedBaseUrl:
      reader.read('EMBED_BASE_URL', parseBaseUrl, 'an http or https URL') ??
      'https://embed.anychat.ai',
    secretsKey,
    secretsKeysOld:
      reader.read(
        'SECRETS_KEYS_OLD',
        parseKeys,
        'keys, each base64 of 32 bytes, with commas between them',
        true,
      ) ?? [],
    allowUnreadableSecrets: isOn(reader, 'ALLOW_UNREADABLE_SECRETS'),
    oidc: readOidc(reader),
    webhookAllowPrivate: isOn(reader, 'WEBHOOK_ALLOW_PRIVATE'),
    requestTimeoutMs:
      reader.read('REQUEST_TIMEOUT_MS', parseCount, 'a number of milliseconds') ?? 10_000,
    stopDelayMs: reader.read('STOP_DELAY_MS', parseCount, 'a number of milliseconds') ?? 1_000,
    maxRequests: reader.read('MAX_REQUESTS', parseCount, 'a number') ?? 1_000,
    maxBytesUnderWay:
      reader.read('MAX_BYTES_UNDER_WAY', parseCount, 'a number of bytes') ?? 128 * MEBIBYTE,
    maxStreams: reader.read('MAX_STREAMS', parseCount, 'a number') ?? 200,
    maxLoopDelayMs: reader.read('MAX_LOOP_DELAY_MS', parseCount, 'a number of milliseconds') ?? 200,
    maxAnswerBytes:
      reader.read('MAX_ANSWER_BYTES', parseCount, 'a number of bytes') ?? 16 * MEBIBYTE,
    maxQueryFields: reader.read('MAX_QUERY_FIELDS', parseCount, 'a number') ?? 30_000,
    promptMaxTokens: reader.read('PROMPT_MAX_TOKENS', parseCount, 'a number of tokens') ?? 16_000,
    stalledMs: reader.read('STALLED_MS', parseCount, 'a number of milliseconds') ?? 30_000,
    answerCacheBytes:
      reader.read('ANSWER_CACHE_BYTES', parseCount, 'a number of bytes') ?? 64 * MEBIBYTE,
    historyDays: readHistoryDays(reader),
    demoData: reader.read('DEMO_DATA', parseSwitch, '0 or 1') ?? (store?.kind ?? 'lmdb') === 'lmdb',
    oauthReturnHosts:
      reader.read('OAUTH_RETURN_HOSTS', parseHosts, 'hosts with commas between them') ?? [],
    corsOrigins:
      reader.read(
        'CORS_ORIGINS',
        parseOrigins,
        'origins such as https://console.example.com, with commas between them',
      ) ?? [],
    trustedDocuments: reader.read('TRUSTED_DOCUMENTS', (text) => text, 'a file'),
    oauthProviders: readOAuthProviders(environment, reader),
    rateLimits: {
      principal: limit(reader, 'RATE_LIMIT_PRINCIPAL', 12_000),
      org: limit(reader, 'RATE_LIMIT_ORG', 60_000),
      address: limit(reader, 'RATE_LIMIT_ADDRESS', 1_200),
      refusedTokens: limit(reader, 'RATE_LIMIT_REFUSED_TOKENS', 60),
      oauthStarts: limit(reader, 'RATE_LIMIT_OAUTH_STARTS', 30),
    },
    trustedProxies: limit(reader, 'TRUSTED_PROXIES', 0),
    ...readLogging(reader),
    tracing: readTracing(reader),
  };
  if (reader.problems.length > 0) throw new SettingsError(reader.problems);
  return settings;
}

function readLogging(reader: Reader): Pick<Settings, 'logLevel' | 'logFormat' | 'metricsPort'> {
  return {
    logLevel: reader.read('LOG_LEVEL', oneOf(LOG_LEVELS), LOG_LEVELS.join(', ')) ?? 'info',
    metricsPort: reader.read('METRICS_PORT', parsePort, 'a port from 0 to 65535'),
    logFormat: reader.read('LOG_FORMAT', oneOf(LOG_FORMATS), LOG_FORMATS.join(' or ')) ?? 'json',
  };
}

function readHistoryDays(reader: Reader): number {
  return reader.read('HISTORY_DAYS', parseCount, 'a number of days') ?? 365;
}

function readOidc(reader: Reader): Settings['oidc'] {
  const issuer = reader.read('OIDC_ISSUER', parseIssuer, 'an https URL (http on loopback alone)');
  const audience = reader.read('OIDC_AUDIENCE', (text) => text, 'an audience');
  if (issuer !== undefined && audience !== undefined) return { issuer, audience };
  const refused = reader.has('OIDC_ISSUER') && issuer === undefined;
  if (!refused && reader.has('OIDC_ISSUER') !== reader.has('OIDC_AUDIENCE')) {
    reader.problems.push('OIDC_ISSUER and OIDC_AUDIENCE must be given together');
  }
  return undefined;
}

function parseIssuer(text: string): string | undefined {
  const url = parseHttpUrl(text);
  if (url === undefined) return undefined;
  const { protocol, hostname } = new URL(url);
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return protocol === 'https:' || loopback ? url : undefined;
}

function parsePort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return port <= 65_535 ? port : undefined;
}

/** A whole number; 0 means none. */
function limit(reader: Reader, name: string, usual: number): number {
  const parse = (text: string) => (text === '0' ? 0 : parseCount(text));
  return reader.read(name, parse, 'a number, or 0 for none') ?? usual;
}

function oneOf<T extends string>(values: readonly T[]): (text: string) => T | undefined {
  return (text) => values.find((value) => value === text);
}

/** A whole number from 1 on. */
function parseCount(text: string): number | undefined {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

function parseSwitch(text: string): boolean | undefined {
  return { '0': false, '1': true }[text];
}

/** A switch that is off unless it is set. */
function isOn(reader: Reader, name: string): boolean {
  return reader.read(name, parseSwitch, '0 or 1') ?? false;
}

function parseBaseUrl(text: string): string | undefined {
  return parseHttpUrl(text)?.replace(/\/+$/, '');
}

/** 32 bytes of base64. */
export function parseKey(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === 32 && bytes.toString('base64') === text.trim() ? bytes : undefined;
}

function parseKeys(text: string): Buffer[] | undefined {
  const keys = text.split(',').map((part) => parseKey(part.trim()));
  return keys.every((key) => key !== undefined) ? keys : undefined;
}

function parseHosts(text: string): string[] | undefined {
  const hosts = text.split(',').map((host) => hostOf(host.trim()));
  return hosts.every((host) => host !== undefined) ? hosts : undefined;
}

function parseOrigins(text: string): string[] | undefined {
  const origins = text.split(',').map((part) => originOf(part.trim()));
  return origins.every((origin) => origin !== undefined) ? origins : undefined;
}

/** The origin as browsers send it; undefined if the text says more than an origin, or less. */
function originOf(text: string): string | undefined {
  const url = parseHttpUrl(text);
  if (url === undefined || !/^https?:\/\/[^/?#@*]+\/?$/i.test(text)) return undefined;
  return new URL(url).origin;
}

/** As a URL has it: in lower case, and an international one in its ASCII form. */
function hostOf(text: string): string | undefined {
  const url = `https://${text}/`;
  const host = URL.canParse(url) ? new URL(url).host : '';
  return /^[^/?#@\s]+$/.test(text) && host !== '' ? host : undefined;
}

const OAUTH_SETTING = /^OAUTH_([A-Z0-9_]+)_(?:CLIENT_ID|CLIENT_SECRET|ISSUER)$/;

/** The providers that have settings. One that has some must have both an id and a secret. */
function readOAuthProviders(
  environment: Environment,
  reader: Reader,
): Record<string, OAuthClientSettings> {
  const set = Object.keys(environment).filter((name) => environment[name]);
  const names = new Set(set.flatMap((name) => OAUTH_SETTING.exec(name)?.[1] ?? []));
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const required = (setting: string) => {
        const value = environment[`OAUTH_${name}_${setting}`];
        if (!value) reader.problems.push(`OAUTH_${name}_${setting} is required beside the others`);
        return value || undefined;
      };
      const clientId = required('CLIENT_ID');
      const clientSecret = required('CLIENT_SECRET');
      const issuer = reader.read(
        `OAUTH_${name}_ISSUER`,
        parseIssuer,
        'an https URL (http on loopback alone)',
      );
      if (!clientId || !clientSecret) return [];
      const provider = { clientId, clientSecret, ...(issuer !== undefined && { issuer }) };
      return [[name.toLowerCase(), provider]];
    }),
  );
}

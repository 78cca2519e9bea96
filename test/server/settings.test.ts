import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSettings, SettingsError } from '../../src/server/settings.ts';

const KEY = Buffer.alloc(32, 3).toString('base64');

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readSettings(environment);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

describe('settings', () => {
  it('have the documented defaults', () => {
    expect(readSettings({})).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      store: { kind: 'lmdb', path: './data' },
      bootstrapOrg: 'acme',
      bootstrapApiKey: undefined,
      publicUrl: undefined,
      secretsKey: undefined,
      logLevel: 'info',
    });
  });

  it('are read from the environment; an empty one is unset', () => {
    expect(
      readSettings({
        PORT: '0',
        HOST: '',
        STORE_URL: 'mongodb://db/agents',
        SECRETS_KEY: KEY,
        SECRETS_KEYS_OLD: `${KEY}, ${KEY}`,
        PUBLIC_URL: 'https://api.acme.com/',
        LOG_LEVEL: 'debug',
      }),
    ).toMatchObject({
      port: 0,
      host: '127.0.0.1',
      store: { kind: 'mongodb', url: 'mongodb://db/agents' },
      publicUrl: 'https://api.acme.com',
      secretsKeysOld: [Buffer.alloc(32, 3), Buffer.alloc(32, 3)],
      logLevel: 'debug',
    });
  });

  it('have origins as browsers send them', () => {
    const given = 'https://Console.acme.com:443/, http://localhost:5173,http://[::1]:80';
    expect(readSettings({ CORS_ORIGINS: given }).corsOrigins).toEqual([
      'https://console.acme.com',
      'http://localhost:5173',
      'http://[::1]',
    ]);
    expect(readSettings({}).corsOrigins).toEqual([]);
  });

  it.each([
    ['PORT', '65536'],
    ['PORT', 'http'],
    ['PORT', '-1'],
    ['STORE_URL', 'postgres://x'],
    ['STORE_URL', 'lmdb:'],
    ['BOOTSTRAP_ORG', 'Not A Slug'],
    ['BOOTSTRAP_API_KEY', 'sk-any-api01-x'],
    ['PUBLIC_URL', 'acme.com'],
    ['OIDC_ISSUER', 'http://login.acme.com'],
    ['OIDC_ISSUER', 'https://login.acme.com'],
    ['OIDC_AUDIENCE', 'agent-api'],
    ['WEBHOOK_ALLOW_PRIVATE', 'yes'],
    ['SECRETS_KEY', 'c2hvcnQ='],
    ['SECRETS_KEYS_OLD', `${KEY},c2hvcnQ=`],
    ['LOG_LEVEL', 'loud'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'null'],
    ['CORS_ORIGINS', 'console.acme.com'],
    ['CORS_ORIGINS', 'https://*.acme.com'],
    ['CORS_ORIGINS', 'https://console.acme.com/path'],
    ['CORS_ORIGINS', 'https://user@console.acme.com'],
    ['CORS_ORIGINS', 'https://console.acme.com,'],
  ])('refuse %s=%s by name', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringContaining(name)]);
  });

  it('report every problem at once, and never show a secret', () => {
    const problems = problemsOf({
      PORT: 'x',
      LOG_LEVEL: 'y',
      SECRETS_KEY: 'hush-hush',
      BOOTSTRAP_API_KEY: 'sk-hush',
    });
    expect(problems).toHaveLength(4);
    expect(problems.join()).not.toContain('hush');
  });

  it('require a secrets key with MongoDB', () => {
    expect(problemsOf({ STORE_URL: 'mongodb://db' })).toEqual([
      expect.stringContaining('SECRETS_KEY is required'),
    ]);
  });

  it('name the OAuth providers and the hosts a grant may return to', () => {
    const settings = readSettings({
      OAUTH_RETURN_HOSTS: 'App.acme.com, localhost:3000',
      OAUTH_GOOGLE_CLIENT_ID: 'id',
      OAUTH_GOOGLE_CLIENT_SECRET: 'secret',
      OAUTH_MY_IDP_CLIENT_ID: 'id',
      OAUTH_MY_IDP_CLIENT_SECRET: 'secret',
      OAUTH_MY_IDP_ISSUER: 'http://127.0.0.1:4711',
      OAUTH_SLACK_CLIENT_ID: '',
    });
    expect(settings.oauthReturnHosts).toEqual(['app.acme.com', 'localhost:3000']);
    expect(settings.oauthProviders).toEqual({
      google: { clientId: 'id', clientSecret: 'secret' },
      my_idp: { clientId: 'id', clientSecret: 'secret', issuer: 'http://127.0.0.1:4711' },
    });
  });

  it.each([
    [{ OAUTH_SLACK_CLIENT_ID: 'id' }, 'OAUTH_SLACK_CLIENT_SECRET'],
    [{ OAUTH_SLACK_CLIENT_SECRET: 'hush' }, 'OAUTH_SLACK_CLIENT_ID'],
    [
      {
        OAUTH_SLACK_CLIENT_ID: 'id',
        OAUTH_SLACK_CLIENT_SECRET: 'hush',
        OAUTH_SLACK_ISSUER: 'http://slack.example',
      },
      'OAUTH_SLACK_ISSUER',
    ],
    [{ OAUTH_RETURN_HOSTS: 'https://app.acme.com/' }, 'OAUTH_RETURN_HOSTS'],
  ])('refuse %j, naming %s', (environment, name) => {
    const problems = problemsOf(environment as Record<string, string>);
    expect(problems).toEqual([expect.stringContaining(name)]);
    expect(problems.join()).not.toContain('hush');
  });
});

describe('secrets in files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
  const file = join(folder, 'secret');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are read from the files that are named', () => {
    writeFileSync(file, `${KEY}\n`);
    const store = { STORE_URL: 'mongodb://localhost/x' };
    const { secretsKey } = readSettings({ ...store, SECRETS_KEY_FILE: file });
    expect(secretsKey?.toString('base64')).toBe(KEY);
  });

  it.each([
    ['does not exist', { SECRETS_KEY_FILE: join(folder, 'nowhere') }, 'SECRETS_KEY_FILE'],
    ['contains no key', { SECRETS_KEY_FILE: 'package.json' }, 'SECRETS_KEY must be'],
    ['is named in addition to the value', { SECRETS_KEY: KEY, SECRETS_KEY_FILE: file }, 'both'],
    ['is empty', { BOOTSTRAP_API_KEY_FILE: '/dev/null' }, 'BOOTSTRAP_API_KEY_FILE'],
  ])('are refused when a file %s', (_, environment, problem) => {
    expect(problemsOf(environment).join('\n')).toContain(problem);
  });

  it('are the only settings that can be read from a file', () => {
    expect(readSettings({ LOG_LEVEL_FILE: '/nowhere' }).logLevel).toBe('info');
  });
});

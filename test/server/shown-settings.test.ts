import { expect, it } from 'vitest';
import { readSettings } from '../../src/server/settings.ts';
import { shownSettings } from '../../src/server/shown-settings.ts';
import { API_KEY } from '../kit/process.ts';

const key = (byte: number) => Buffer.alloc(32, byte).toString('base64');

it('the settings that a start logs hold no secret', () => {
  const secrets = [
    key(1),
    key(2),
    API_KEY,
    'planted-client-secret',
    'planted-password',
    'planted-option',
  ];
  const shown = shownSettings(
    readSettings({
      STORE_URL: 'mongodb://user:planted-password@one:1,two:2/agent-api?tag=planted-option',
      SECRETS_KEY: key(1),
      SECRETS_KEYS_OLD: `${key(2)},${key(3)}`,
      BOOTSTRAP_API_KEY: API_KEY,
      OAUTH_GOOGLE_CLIENT_ID: 'client',
      OAUTH_GOOGLE_CLIENT_SECRET: 'planted-client-secret',
      METRICS_PORT: '9464',
    }),
  );
  for (const secret of secrets) expect(JSON.stringify(shown)).not.toContain(secret);
  expect(shown).toMatchObject({
    store: 'mongodb mongodb://***@one:1,two:2/agent-api',
    secretsKey: 'given',
    secretsKeysOld: 2,
    oauthProviders: ['google'],
    metricsPort: 9464,
    requestTimeoutMs: 10_000,
  });
  expect(shownSettings(readSettings({}))).toMatchObject({
    store: 'lmdb ./data',
    secretsKey: 'not given',
  });
});

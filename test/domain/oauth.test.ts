import { describe, expect, it } from 'vitest';
import { isUsable, needsRenewal, returnUrl, statusOf } from '../../src/domain/oauth.ts';

const NOW = new Date('2026-07-01T12:00:00.000Z');
const SINCE = '2026-06-01T00:00:00.000Z';
const PAST = '2026-07-01T11:59:59.000Z';
const SOON = '2026-07-01T12:00:10.000Z';
const LATER = '2026-07-01T13:00:00.000Z';

describe('a credential', () => {
  it.each([
    ['without an expiry', { renewable: true }, 'connected', false, true],
    ['that expires later', { renewable: true, expiresAt: LATER }, 'connected', false, true],
    ['that is about to expire', { renewable: true, expiresAt: SOON }, 'connected', true, true],
    ['that has expired', { renewable: true, expiresAt: PAST }, 'error', true, false],
    ['that cannot be renewed', { renewable: false, expiresAt: PAST }, 'expired', false, false],
    [
      'whose next renewal is not due yet',
      { renewable: true, expiresAt: PAST, lastError: 'down', retryAt: LATER },
      'error',
      false,
      false,
    ],
    [
      'whose next renewal is due',
      { renewable: true, expiresAt: PAST, lastError: 'down', retryAt: PAST },
      'error',
      true,
      false,
    ],
    [
      'that was revoked',
      { renewable: true, expiresAt: LATER, revoked: true, lastError: 'x' },
      'revoked',
      false,
      false,
    ],
  ] as const)('%s', (_, credential, state, renews, usable) => {
    expect(statusOf(SINCE, credential, NOW)).toMatchObject({ state, connectedAt: SINCE });
    expect(needsRenewal(credential, NOW)).toBe(renews);
    expect(isUsable(credential, NOW)).toBe(usable);
  });

  it('that was never given is not connected; one that is lost is an error', () => {
    expect(statusOf(undefined, undefined, NOW)).toEqual({ state: 'not-connected' });
    expect(statusOf(SINCE, undefined, NOW)).toMatchObject({ state: 'error', connectedAt: SINCE });
  });
});

describe('returnUrl', () => {
  const HOSTS = ['app.acme.test', 'localhost:3000'];
  const OUTCOME = { oauthStatus: 'success', toolId: '@anychat/tool.x' };

  it.each([
    [
      'https://app.acme.test/a?b=c#d',
      'https://app.acme.test/a?b=c&oauthStatus=success&toolId=%40anychat%2Ftool.x#d',
    ],
    [
      'http://localhost:3000/',
      'http://localhost:3000/?oauthStatus=success&toolId=%40anychat%2Ftool.x',
    ],
    [
      'https://APP.acme.test:443/?oauthStatus=forged',
      'https://app.acme.test/?oauthStatus=success&toolId=%40anychat%2Ftool.x',
    ],
  ])('adds the outcome to %s', (returnTo, url) =>
    expect(returnUrl(returnTo, HOSTS, OUTCOME)).toBe(url),
  );

  it.each([
    undefined,
    'https://evil.example/',
    'https://app.acme.test:8443/',
    'https://localhost/',
    'https://app.acme.test.evil.example/',
    'https://app.acme.test@evil.example/',
    'https://evil.example/?https://app.acme.test/',
    '//app.acme.test/',
    'javascript://app.acme.test/%0aalert(1)',
    'not a URL',
  ])('is undefined for %s', (returnTo) =>
    expect(returnUrl(returnTo, HOSTS, OUTCOME)).toBeUndefined(),
  );
});

import { expect, it } from 'vitest';
import { Authenticator, rejected } from '../../src/auth/authenticate.ts';
import type { Principal } from '../../src/auth/principal.ts';
import { WORK } from '../kit/work.ts';

const PRINCIPAL: Principal = { kind: 'apiKey', id: 'k', stamp: 'k', memberships: new Map() };

it('counts the tokens that are refused, and nothing else', async () => {
  const authenticator = new Authenticator(
    [
      {
        authenticate(_, token) {
          if (token === 'good') return PRINCIPAL;
          if (token === 'expired') throw rejected('it has expired');
          if (token === 'down') throw new Error('the store does not answer');
          return null;
        },
      },
    ],
    () => false,
  );
  const refusals: number[] = [];
  for (const header of [
    undefined,
    'Bearer good',
    'Bearer down',
    'Bearer expired',
    'Bearer other',
    'Basic x',
  ]) {
    const authenticated = Promise.resolve(authenticator.authenticate(WORK, header));
    await authenticated.catch(() => undefined);
    refusals.push(authenticator.refused);
  }
  expect(refusals).toEqual([0, 0, 0, 1, 2, 3]);
});

import { describe, expect, it } from 'vitest';
import { type Principal, refusal } from '../../src/auth/principal.ts';
import {
  effectiveScopes,
  meetsFloor,
  type Right,
  ROLES,
  SCOPES,
  scopesOfRole,
} from '../../src/auth/rights.ts';

describe('roles', () => {
  it('meet the floor of every role up to their own', () => {
    for (const [i, role] of ROLES.entries()) {
      for (const [j, floor] of ROLES.entries()) expect(meetsFloor(role, floor)).toBe(i >= j);
    }
  });

  it('hold the documented scopes', () => {
    const reads = [
      'agents:read',
      'people:read',
      'knowledge:read',
      'messages:read',
      'catalogs:read',
    ];
    expect(scopesOfRole('viewer')).toEqual(reads);
    expect(scopesOfRole('editor')).toEqual([
      ...reads,
      'agents:write',
      'people:write',
      'templates:apply',
    ]);
    expect([...scopesOfRole('admin')].sort()).toEqual([...SCOPES].sort());
    expect(scopesOfRole('owner')).toEqual(scopesOfRole('admin'));
  });
});

describe('effective scopes', () => {
  it.each([
    [[], ['catalogs:read']],
    [['agents:write'], ['agents:read', 'agents:write', 'catalogs:read']],
    [['people:write'], ['catalogs:read', 'people:read', 'people:write']],
    [['org:admin'], ['catalogs:read', 'org:admin']],
  ] as const)('for a grant of %j are %j', (granted, effective) =>
    expect([...effectiveScopes(granted)].sort()).toEqual(effective),
  );
});

describe('refusal', () => {
  const editor: Principal = {
    kind: 'user',
    id: 'u1',
    stamp: 'test',
    memberships: new Map([
      ['acme', { role: 'editor', scopes: effectiveScopes(['agents:read']) }],
      ['other', { role: 'owner', scopes: effectiveScopes(SCOPES) }],
    ]),
  };
  const PEOPLE = ['people:read', 'messages:read'] as const;
  const anyRead: Right = { role: 'viewer', scope: ['agents:read', ...PEOPLE] };
  const write: Right = { role: 'editor', scope: 'agents:write' };
  const administer: Right = { role: 'admin', scope: 'org:admin' };

  it.each<[string, Principal | null, string | undefined, Right, string | undefined]>([
    ['without a token', null, 'acme', write, 'auth.unauthenticated'],
    ['without a token, to a foreign org', null, 'nope', administer, 'auth.unauthenticated'],
    ['to a foreign org', editor, 'nope', administer, 'org.not_found'],
    ['without role and scope', editor, 'acme', administer, 'auth.role_insufficient'],
    ['without the scope', editor, 'acme', write, 'auth.scope_missing'],
    ['with role and scope', editor, 'acme', { role: 'editor', scope: 'agents:read' }, undefined],
    ['with role and scope, in another org', editor, 'other', administer, undefined],
    ['with one of the scopes', editor, 'acme', anyRead, undefined],
    [
      'with none of the scopes',
      editor,
      'acme',
      { ...anyRead, scope: PEOPLE },
      'auth.scope_missing',
    ],
    ['that needs neither org nor right', editor, undefined, { role: null, scope: null }, undefined],
  ])('reports the first failed check of a request %s', (_, principal, org, right, code) =>
    expect(refusal(principal, org, right)?.code).toBe(code),
  );
});

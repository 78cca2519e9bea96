import type { Membership, Principal } from '../src/auth/principal.ts';
import { ROLES, SCOPES } from '../src/auth/rights.ts';
import { DomainError } from '../src/domain/errors.ts';
import { builder } from './builder.ts';
import { enumOf } from './enums.ts';
import { may } from './rights.ts';

export const RoleEnum = enumOf(
  'Role',
  'What a member is in an org, lowest first; a floor means that role or above.',
  ROLES,
  {
    viewer: 'Reads.',
    editor: 'Also changes agents and people.',
    admin: 'Also looks after the org: its keys and webhooks.',
    owner: 'May do everything.',
  },
);
export const ScopeEnum = enumOf(
  'Scope',
  'What a token can do. A write scope implies its read scope.',
  SCOPES,
  {
    'agents:read': 'Read agents and their parts.',
    'agents:write': 'Change agents and their parts.',
    'catalogs:read': 'Read the catalogs.',
    'templates:apply': 'Copy from the catalog into agents.',
    'people:read': 'Read the people whom agents talk to.',
    'people:write': 'Change the people whom agents talk to.',
    'messages:read': 'Read messages, conversations, users and logs.',
    'knowledge:read': 'Read knowledge bases; nothing here asks for it yet.',
    'webhooks:manage': 'Look after webhooks.',
    'org:admin': 'Look after the org and its API keys.',
  },
);

const PrincipalKind = enumOf('PrincipalKind', 'What kind of token asks.', ['apiKey', 'user'], {
  apiKey: 'An API key.',
  user: 'The session token of a signed-in user.',
});

const Viewer = builder.objectRef<Principal>('Viewer').implement({
  description: 'Who asks, and what they may do.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The API key's id, or the user's subject." }),
    kind: t.expose('kind', { type: PrincipalKind, description: 'Whether a key or a user asks.' }),
    name: t.exposeString('name', { nullable: true, description: 'The name of the key or user.' }),
    memberships: t.field({
      type: [MembershipRef()],
      description: 'The orgs of the caller, and the role and scopes in each.',
      resolve: (principal) =>
        [...principal.memberships].map(([org, membership]) => ({ org, ...membership })),
    }),
  }),
});

function MembershipRef() {
  return builder.objectRef<Membership & { org: string }>('ViewerMembership').implement({
    description: 'What the caller is and may do in one org.',
    fields: (t) => ({
      orgId: t.exposeID('org', { description: 'The org.' }),
      role: t.expose('role', { type: RoleEnum, description: "The caller's role." }),
      scopes: t.field({
        type: [ScopeEnum],
        description: 'The effective scopes, implied ones included.',
        resolve: ({ scopes }) => [...scopes],
      }),
    }),
  });
}

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    ...may(null, null, () => undefined),
    description: 'Who asks, and what they may do.',
    resolve: (_, __, { principal }) => {
      if (!principal) throw new DomainError('auth.unauthenticated', 'a bearer token is required');
      return principal;
    },
  }),
);

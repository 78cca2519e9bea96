import type { Membership, Principal } from '../src/auth/principal.ts';
import { ROLES, SCOPES } from '../src/auth/rights.ts';
import { DomainError } from '../src/domain/errors.ts';
import { builder } from './builder.ts';
import { enumOf } from './enums.ts';
import { OrgRef } from './refs.ts';
import { may } from './rights.ts';

export const RoleEnum = enumOf(
  'Role',
  'The role of a member in an org, lowest first. A required role means that role or above.',
  ROLES,
  {
    viewer: 'Reads agents, people, traffic and catalogs.',
    editor: 'Also changes agents and people.',
    admin: 'Also manages the org, its API keys and its webhooks.',
    owner: 'Has every right.',
  },
);
export const ScopeEnum = enumOf(
  'Scope',
  'A right of a token. A write scope implies its read scope.',
  SCOPES,
  {
    'agents:read': 'Read agents and their parts.',
    'agents:write': 'Change agents and their parts.',
    'catalogs:read': 'Read the catalogs.',
    'templates:apply': 'Import catalog templates into agents.',
    'people:read': 'Read the people in the CRM of agents.',
    'people:write': 'Change the people in the CRM of agents.',
    'messages:read': 'Read messages, conversations, users and logs.',
    'knowledge:read': 'Read knowledge bases. No operation requires it yet.',
    'webhooks:manage': 'Manage webhooks.',
    'org:admin': 'Manage the org and its API keys.',
  },
);

const PrincipalKind = enumOf(
  'PrincipalKind',
  'The kind of token of a caller.',
  ['apiKey', 'user'],
  {
    apiKey: 'An API key.',
    user: 'The session token of a signed-in user.',
  },
);

const Viewer = builder.objectRef<Principal>('Viewer').implement({
  description: 'The caller and their rights.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The API key's id, or the user's subject." }),
    kind: t.expose('kind', { type: PrincipalKind, description: 'The kind of token.' }),
    name: t.exposeString('name', { nullable: true, description: 'The name of the key or user.' }),
    memberships: t.field({
      type: [MembershipRef()],
      description: 'The orgs of the caller, with the role and scopes in each.',
      resolve: (principal) =>
        [...principal.memberships].map(([org, membership]) => ({ org, ...membership })),
    }),
  }),
});

function MembershipRef() {
  return builder.objectRef<Membership & { org: string }>('ViewerMembership').implement({
    description: 'The role and scopes of the caller in one org.',
    fields: (t) => ({
      orgId: t.exposeID('org', { description: "The org's id." }),
      org: t.field({
        type: OrgRef,
        ...may<{ org: string }, object>('viewer', null, ({ org }) => org),
        description: 'The org.',
        resolve: ({ org }, _, { loaders }) => loaders.org.load(org),
      }),
      role: t.expose('role', { type: RoleEnum, description: "The caller's role." }),
      scopes: t.field({
        type: [ScopeEnum],
        description: 'The effective scopes, including implied ones.',
        resolve: ({ scopes }) => [...scopes],
      }),
    }),
  });
}

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    ...may(null, null, () => undefined),
    description: 'The caller and their rights.',
    resolve: (_, __, { principal }) => {
      if (!principal) throw new DomainError('auth.unauthenticated', 'a bearer token is required');
      return principal;
    },
  }),
);

import type { ApiKeyDoc } from '../src/api-keys/collection.ts';
import { membershipIn } from '../src/auth/principal.ts';
import { idArg, inputArg, orgArg, pageArgs } from './args.ts';
import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';
import { ActorRef } from './origin.ts';
import { OrgRef } from './refs.ts';
import { entity, mayInOrg, mayOnOrg } from './rights.ts';
import { LIST, TEXT } from './texts.ts';
import { RoleEnum, ScopeEnum } from './viewer.ts';

/** A key, with its secret if it was just created. */
type ApiKey = ApiKeyDoc & { readonly secret?: string };

const NAME = 'The name.';
const DESCRIPTION = 'A human-readable description.';
const EXPIRES = 'When the key expires. Unset if it does not.';
const KEY_ID = "The API key's id.";

const ApiKeyRef = builder.objectRef<ApiKey>('ApiKey').implement({
  ...entity,
  description: 'A bearer token for one org. Only a hash of it is stored.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id: minted, immutable.' }),
    name: t.exposeString('name', { description: NAME }),
    description: t.exposeString('description', {
      nullable: true,
      description: DESCRIPTION,
    }),
    prefix: t.exposeString('prefix', {
      description: 'The first characters of the key, to recognise it by.',
    }),
    role: t.expose('role', {
      type: RoleEnum,
      description: 'The role that the key acts with: that of its creator at the time.',
    }),
    scopes: t.field({
      type: [ScopeEnum],
      description: 'The scopes that its creator chose.',
      resolve: ({ scopes }) => [...scopes],
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: EXPIRES,
    }),
    lastUsedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the key was last used, to within some minutes.',
      resolve: ({ key }, _, { loaders }) => loaders.apiKeyUse.load(key),
    }),
    createdBy: t.expose('createdBy', {
      type: ActorRef,
      nullable: true,
      description: 'The creator. Unset for a key that an earlier version of this service created.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the key was created.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When the key was last changed.',
    }),
    key: t.exposeString('secret', {
      nullable: true,
      description: 'The key itself. It is shown only once, by the operation that creates it.',
    }),
  }),
});

const ApiKeyConnection = connectionOf(ApiKeyRef);

builder.objectFields(OrgRef, (t) => ({
  apiKey: t.field({
    type: ApiKeyRef,
    ...mayOnOrg('admin', 'org:admin'),
    fails: ['api_key.not_found'],
    description: 'One API key. Null, with an error `api_key.not_found`, if it does not exist.',
    args: { id: idArg(t.arg, KEY_ID) },
    resolve: (org, { id }, { services, work }) => services.apiKeys.get(work, org.id, id),
  }),
  apiKeys: t.field({
    type: ApiKeyConnection,
    ...mayOnOrg('admin', 'org:admin'),
    description: "The org's API keys, newest first.",
    args: pageArgs(t.arg),
    resolve: (org, page, { services, work }) => services.apiKeys.list(work, org.id, page),
  }),
}));

const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  description: 'A new API key.',
  fields: (t) => ({
    name: t.field({ ...TEXT.name, required: true, description: NAME }),
    description: t.field({ ...TEXT.description, description: DESCRIPTION }),
    scopes: t.field({
      type: [ScopeEnum],
      ...LIST,
      description: 'The scopes of the key; none if omitted. The caller must hold each of them.',
    }),
    expiresAt: t.field({ type: 'DateTime', description: EXPIRES }),
  }),
});

const UpdateApiKeyInput = builder.inputType('UpdateApiKeyInput', {
  description: 'The fields of an API key to change. `null` clears a field.',
  fields: (t) => ({
    name: t.field({ ...TEXT.name, clearable: false, description: NAME }),
    description: t.field({ ...TEXT.description, description: DESCRIPTION }),
    scopes: t.field({
      type: [ScopeEnum],
      ...LIST,
      description: 'The scopes of the key. The caller must hold each added scope.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: `${EXPIRES} For a later time, or none, the caller must hold every scope of the key.`,
    }),
  }),
});

builder.mutationFields((t) => {
  const org = orgArg(t.arg);
  const apiKey = idArg(t.arg, KEY_ID);
  return {
    createApiKey: t.field({
      type: ApiKeyRef,
      ...mayInOrg('admin', 'org:admin'),
      fails: ['org.limit_reached'],
      description:
        'Creates an API key. Only this operation shows the key. A key has no right that its creator does not have.',
      args: {
        org,
        input: inputArg(t.arg, CreateApiKeyInput, 'The key.'),
      },
      resolve: async (_, args, { services, principal, work }) => {
        const issuer = membershipIn(principal, args.org);
        const { doc, secret } = await services.apiKeys.create(work, args.org, issuer, args.input);
        return { ...doc, secret };
      },
    }),
    updateApiKey: t.field({
      type: ApiKeyRef,
      ...mayInOrg('admin', 'org:admin'),
      fails: ['api_key.not_found'],
      description:
        "Changes the given fields of an API key. `null` clears a field. The key's role must not be above the caller's.",
      args: {
        org,
        apiKey,
        input: inputArg(t.arg, UpdateApiKeyInput, 'The fields to change.'),
      },
      resolve: (_, args, { services, principal, work }) =>
        services.apiKeys.update(
          work,
          args.org,
          args.apiKey,
          membershipIn(principal, args.org),
          args.input,
        ),
    }),
    deleteApiKey: t.field({
      type: ApiKeyRef,
      ...mayInOrg('admin', 'org:admin'),
      fails: ['api_key.not_found'],
      description:
        "Removes an API key: it is invalid at once. The key's role must not be above the caller's.",
      args: { org, apiKey },
      resolve: (_, args, { services, principal, work }) => {
        const { role } = membershipIn(principal, args.org);
        return services.apiKeys.remove(work, args.org, args.apiKey, role);
      },
    }),
  };
});

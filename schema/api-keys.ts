import type { ApiKeyDoc } from '../src/api-keys/collection.ts';
import { membershipIn } from '../src/auth/principal.ts';
import { pageArgs } from './args.ts';
import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';
import { OrgRef } from './refs.ts';
import { entity, may, mayInOrg } from './rights.ts';
import { ScopeEnum } from './viewer.ts';

/** A key, with its secret where it has just been made. */
type ApiKey = ApiKeyDoc & { readonly secret?: string };

const ApiKeyRef = builder.objectRef<ApiKey>('ApiKey').implement({
  ...entity,
  description: 'A bearer token of its own for one org. Only a hash of it is kept.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Minted, immutable.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What it is for, in words for people.',
    }),
    prefix: t.exposeString('prefix', {
      description: 'Its first characters, to tell it from others.',
    }),
    scopes: t.field({
      type: [ScopeEnum],
      description: 'The scopes that its issuer chose.',
      resolve: ({ scopes }) => [...scopes],
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'From when on it is refused.',
    }),
    lastUsedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used, best-effort.',
      resolve: ({ key }, _, { loaders }) => loaders.apiKeyUse.load(key),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
    key: t.exposeString('secret', {
      nullable: true,
      description: 'The key itself: only in the answer to its creation, and never again.',
    }),
  }),
});

const ApiKeyConnection = connectionOf(ApiKeyRef);

builder.objectFields(OrgRef, (t) => ({
  apiKey: t.field({
    type: ApiKeyRef,
    nullable: true,
    ...may<{ id: string }, object>('admin', 'org:admin', (org) => org.id),
    description: 'One API key. Null, with an error `api_key.not_found`, when there is none.',
    args: { id: t.arg.id({ required: true, description: "The key's id." }) },
    resolve: (org, { id }, { services, work }) => services.apiKeys.get(work, org.id, id),
  }),
  apiKeys: t.field({
    type: ApiKeyConnection,
    ...may<{ id: string }, object>('admin', 'org:admin', (org) => org.id),
    description: "The org's API keys, newest first.",
    args: pageArgs(t.arg),
    resolve: (org, page, { services, work }) => services.apiKeys.list(work, org.id, page),
  }),
}));

const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  description: 'A new API key.',
  fields: (t) => ({
    name: t.field({ type: 'NonBlank', required: true, description: 'Its name.' }),
    description: t.string({ description: 'What it is for, in words for people.' }),
    scopes: t.field({
      type: [ScopeEnum],
      description: 'What it can do, none when left out; only scopes that the caller holds.',
    }),
    expiresAt: t.field({ type: 'DateTime', description: 'From when on it is refused.' }),
  }),
});

const UpdateApiKeyInput = builder.inputType('UpdateApiKeyInput', {
  description: 'The fields of an API key to change; `null` clears one.',
  fields: (t) => ({
    name: t.field({ type: 'NonBlank', description: 'Its name; cannot be cleared.' }),
    description: t.string({ description: 'What it is for, in words for people.' }),
    scopes: t.field({
      type: [ScopeEnum],
      description: 'What it can do; only scopes that the caller holds can be added.',
    }),
    expiresAt: t.field({ type: 'DateTime', description: 'From when on it is refused.' }),
  }),
});

builder.mutationFields((t) => {
  const org = t.arg.id({ required: true, description: 'The org.' });
  const apiKey = t.arg.id({ required: true, description: 'The API key.' });
  return {
    createApiKey: t.field({
      type: ApiKeyRef,
      ...mayInOrg('admin', 'org:admin'),
      description: 'Mints an API key. It can do no more than its issuer.',
      args: {
        org,
        input: t.arg({ type: CreateApiKeyInput, required: true, description: 'The key.' }),
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
      description: 'Changes the given fields of an API key; `null` clears one.',
      args: {
        org,
        apiKey,
        input: t.arg({ type: UpdateApiKeyInput, required: true, description: 'What to change.' }),
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
      description: 'Removes an API key, which is refused at once. Answers with its last state.',
      args: { org, apiKey },
      resolve: (_, args, { services, work }) =>
        services.apiKeys.delete(work, args.org, args.apiKey),
    }),
  };
});

import { builder } from './builder.ts';
import { OrgRef } from './refs.ts';
import { entity, may, mayInOrg } from './rights.ts';

OrgRef.implement({
  ...entity,
  description: 'An organisation: its metadata, and the way to everything that is its own.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'A URL-safe slug.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What it is, in words for people.',
    }),
    timeZone: t.expose('timeZone', {
      type: 'TimeZone',
      nullable: true,
      description: 'Where its people are.',
    }),
    features: t.field({
      type: ['String'],
      description: 'The features that are switched on for it.',
      resolve: ({ features }) => [...features],
    }),
    products: t.field({
      type: ['String'],
      description: 'The products it subscribes to.',
      resolve: ({ products }) => [...products],
    }),
    version: t.exposeInt('version', { description: 'Counts its writes.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
  }),
});

builder.queryField('org', (t) =>
  t.field({
    type: OrgRef,
    nullable: true,
    ...may<object, { id: string }>('viewer', null, (_, { id }) => id),
    description:
      "One of the caller's orgs. Null, with an error `org.not_found`, for any other id, whether such an org exists or not.",
    args: { id: t.arg.id({ required: true, description: "The org's id." }) },
    resolve: (_, { id }, { services, work }) => services.orgs.get(work, id),
  }),
);

const UpdateOrgInput = builder.inputType('UpdateOrgInput', {
  description: 'The fields of an org to change, at least one; `null` clears one.',
  fields: (t) => ({
    name: t.field({ type: 'NonBlank', description: 'Its name; cannot be cleared.' }),
    description: t.string({ description: 'What it is, in words for people.' }),
    timeZone: t.field({ type: 'TimeZone', description: 'Where its people are.' }),
  }),
});

builder.mutationField('updateOrg', (t) =>
  t.field({
    type: OrgRef,
    ...mayInOrg('admin', 'org:admin'),
    description: 'Changes the given fields of an org; `null` clears one.',
    args: {
      org: t.arg.id({ required: true, description: 'The org.' }),
      input: t.arg({ type: UpdateOrgInput, required: true, description: 'What to change.' }),
      expectedVersion: t.arg.int({
        description: 'Refuse the change, and change nothing, when the org is at another version.',
      }),
    },
    resolve: (_, { org, input, expectedVersion }, { services, work }) =>
      services.orgs.update(work, org, expectedVersion, input),
  }),
);

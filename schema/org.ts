import { builder } from './builder.ts';
import { OrgRef } from './refs.ts';
import { entity, may } from './rights.ts';

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
    timeZone: t.exposeString('timeZone', { nullable: true, description: 'An IANA time zone.' }),
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
    resolve: (_, { id }, { services }) => services.orgs.get(id),
  }),
);

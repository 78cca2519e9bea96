import { expectedVersionArg, idArg, inputArg, orgArg } from './args.ts';
import { builder } from './builder.ts';
import { OrgRef } from './refs.ts';
import { entity, may, mayInOrg } from './rights.ts';
import { TEXT } from './texts.ts';

const NAME = 'The name.';
const DESCRIPTION = 'A human-readable description.';
const TIME_ZONE = 'The IANA time zone of the org.';

OrgRef.implement({
  ...entity,
  description: 'An organisation: its metadata and everything that it owns.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id, a URL-safe slug.' }),
    name: t.exposeString('name', { description: NAME }),
    description: t.exposeString('description', {
      nullable: true,
      description: DESCRIPTION,
    }),
    timeZone: t.expose('timeZone', {
      type: 'TimeZone',
      nullable: true,
      description: TIME_ZONE,
    }),
    features: t.field({
      type: ['String'],
      description:
        'The features that are enabled for the org. The operators of this service set them.',
      resolve: ({ features }) => [...features],
    }),
    products: t.field({
      type: ['String'],
      description:
        'The products that the org subscribes to. The operators of this service set them.',
      resolve: ({ products }) => [...products],
    }),
    version: t.exposeInt('version', {
      description:
        'The number of writes so far. Sent as `expectedVersion`, it limits a change to the version that was read.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the org was created.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When the org was last changed.',
    }),
  }),
});

builder.queryField('org', (t) =>
  t.field({
    type: OrgRef,
    ...may<object, { id: string }>('viewer', null, (_, { id }) => id),
    fails: ['org.not_found'],
    description:
      "One of the caller's orgs. Null, with an error `org.not_found`, for any other id, whether or not such an org exists.",
    args: { id: idArg(t.arg, "The org's id.") },
    resolve: (_, { id }, { services, work }) => services.orgs.get(work, id),
  }),
);

const UpdateOrgInput = builder.inputType('UpdateOrgInput', {
  description: 'The fields of an org to change, at least one. `null` clears a field.',
  fields: (t) => ({
    name: t.field({ ...TEXT.name, clearable: false, description: NAME }),
    description: t.field({ ...TEXT.description, description: DESCRIPTION }),
    timeZone: t.field({ type: 'TimeZone', description: TIME_ZONE }),
  }),
});

builder.mutationField('updateOrg', (t) =>
  t.field({
    type: OrgRef,
    ...mayInOrg('admin', 'org:admin'),
    fails: ['version.mismatch'],
    description: 'Changes the given fields of an org. `null` clears a field.',
    args: {
      org: orgArg(t.arg),
      input: inputArg(t.arg, UpdateOrgInput, 'The fields to change.'),
      expectedVersion: expectedVersionArg(t.arg, 'org'),
    },
    resolve: (_, { org, input, expectedVersion }, { services, work }) =>
      services.orgs.update(work, org, expectedVersion, input),
  }),
);

import { membershipIn } from '../src/auth/principal.ts';
import { type MemberDoc, memberId } from '../src/members/collection.ts';
import { expectedVersionArg, idArg, inputArg, orgArg, pageArgs } from './args.ts';
import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';
import { OrgRef } from './refs.ts';
import { entity, mayInOrg, mayOnOrg } from './rights.ts';
import { RoleEnum } from './viewer.ts';

const EMAIL = 'The e-mail address, in lower case. It is fixed.';
const ROLE = 'The role in the org.';

const MemberRef = builder.objectRef<MemberDoc>('Member').implement({
  ...entity,
  description: 'A user who belongs to an org, or an e-mail address that may sign in.',
  fields: (t) => ({
    id: t.id({
      description: 'The id: minted, immutable, and of this membership alone.',
      resolve: memberId,
    }),
    email: t.exposeString('email', { description: EMAIL }),
    role: t.expose('role', { type: RoleEnum, description: ROLE }),
    signedIn: t.boolean({
      description:
        'Whether a user has signed in with the address. The membership then belongs to that user.',
      resolve: ({ subject }) => subject !== undefined,
    }),
    version: t.exposeInt('version', {
      description:
        'The number of writes so far. Sent as `expectedVersion`, it limits a change to the version that was read.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the member was added.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When the membership was last changed.',
    }),
  }),
});

const MemberConnection = connectionOf(MemberRef);

builder.objectField(OrgRef, 'members', (t) =>
  t.field({
    type: MemberConnection,
    ...mayOnOrg('admin', 'org:admin'),
    description: "The org's members, by e-mail address.",
    args: pageArgs(t.arg),
    resolve: (org, page, { services, work }) => services.members.page(work, org.id, page),
  }),
);

const AddMemberInput = builder.inputType('AddMemberInput', {
  description: 'A new member.',
  fields: (t) => ({
    email: t.field({
      type: 'EmailAddress',
      required: true,
      description:
        'The e-mail address. The first user who signs in with it, verified, becomes the member.',
    }),
    role: t.field({
      type: RoleEnum,
      required: true,
      description: "The role in the org. It must not be above the caller's.",
    }),
  }),
});

const UpdateMemberInput = builder.inputType('UpdateMemberInput', {
  description: 'The fields of a member to change.',
  fields: (t) => ({
    role: t.field({
      type: RoleEnum,
      clearable: false,
      description: "The role in the org. It must not be above the caller's.",
    }),
  }),
});

builder.mutationFields((t) => {
  const right = mayInOrg('admin', 'org:admin');
  const org = orgArg(t.arg);
  const ref = {
    org,
    member: idArg(t.arg, "The member's id."),
    expectedVersion: expectedVersionArg(t.arg, 'member'),
  };
  return {
    addMember: t.field({
      type: MemberRef,
      ...right,
      fails: ['member.email_taken', 'org.limit_reached'],
      description: 'Adds a member to an org. Nobody can grant a role above their own.',
      args: { org, input: inputArg(t.arg, AddMemberInput, 'The member.') },
      resolve: (_, { org: id, input }, { services, principal, work }) =>
        services.members.add(work, id, membershipIn(principal, id).role, input),
    }),
    updateMember: t.field({
      type: MemberRef,
      ...right,
      fails: ['member.not_found', 'member.last_owner', 'version.mismatch'],
      description:
        "Changes the role of a member, at once. Neither the old role nor the new one may be above the caller's. An org keeps an owner.",
      args: { ...ref, input: inputArg(t.arg, UpdateMemberInput, 'The fields to change.') },
      resolve: (_, { org: id, member, expectedVersion, input }, { services, principal, work }) => {
        const { role } = membershipIn(principal, id);
        return services.members.update(work, id, member, role, expectedVersion, input);
      },
    }),
    removeMember: t.field({
      type: MemberRef,
      ...right,
      fails: ['member.not_found', 'member.last_owner', 'version.mismatch'],
      description:
        "Removes a member, at once. The member's role must not be above the caller's. An org keeps an owner. API keys that the member issued keep working.",
      args: ref,
      resolve: (_, { org: id, member, expectedVersion }, { services, principal, work }) => {
        const { role } = membershipIn(principal, id);
        return services.members.remove(work, id, member, role, expectedVersion);
      },
    }),
  };
});

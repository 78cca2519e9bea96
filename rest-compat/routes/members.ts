import { PAGING, page, type Route } from '../route.ts';

const MEMBER = 'id email role signedIn createdAt updatedAt';

const members = '/orgs/{org}/members';
const member = `${members}/{memberId}`;

export const memberRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: members,
    summary: "Lists the org's members",
    operation: `query ($org: ID!, $first: Int, $after: String) {
      org(id: $org) { members(first: $first, after: $after) ${page(`{ ${MEMBER} }`)} }
    }`,
    query: PAGING,
    pick: 'org.members',
    extension: true,
  },
  {
    method: 'POST',
    path: members,
    summary: 'Adds a member',
    operation: `mutation ($org: ID!, $input: AddMemberInput!) {
      addMember(org: $org, input: $input) { _version: version ${MEMBER} }
    }`,
    example: { email: 'grace@example.com', role: 'editor' },
    pick: 'addMember',
    status: 201,
    extension: true,
  },
  {
    method: 'PATCH',
    path: member,
    summary: 'Changes a member',
    operation: `mutation ($org: ID!, $memberId: ID!, $expectedVersion: Int, $input: UpdateMemberInput!) {
      updateMember(org: $org, member: $memberId, expectedVersion: $expectedVersion, input: $input) {
        _version: version ${MEMBER}
      }
    }`,
    example: { role: 'viewer' },
    pick: 'updateMember',
    extension: true,
  },
  {
    method: 'DELETE',
    path: member,
    summary: 'Removes a member',
    operation: `mutation ($org: ID!, $memberId: ID!, $expectedVersion: Int) {
      removeMember(org: $org, member: $memberId, expectedVersion: $expectedVersion) { id }
    }`,
    pick: 'removeMember',
    status: 204,
    extension: true,
  },
];

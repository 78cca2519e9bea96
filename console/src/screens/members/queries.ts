import { graphql } from '../../graphql/graphql.ts';

export const MEMBERS = graphql(`
  query Members($org: ID!, $first: Int!, $after: String) {
    org(id: $org) {
      members(first: $first, after: $after) {
        nodes { id email role signedIn createdAt version }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
`);

export const ADD_MEMBER = graphql(`
  mutation AddMember($org: ID!, $input: AddMemberInput!) {
    addMember(org: $org, input: $input) { id }
  }
`);

export const UPDATE_MEMBER = graphql(`
  mutation UpdateMember($org: ID!, $member: ID!, $input: UpdateMemberInput!, $version: Int) {
    updateMember(org: $org, member: $member, input: $input, expectedVersion: $version) { id }
  }
`);

export const REMOVE_MEMBER = graphql(`
  mutation RemoveMember($org: ID!, $member: ID!) {
    removeMember(org: $org, member: $member) { id }
  }
`);

import { graphql } from '../../graphql/graphql.ts';

export const SETTINGS = graphql(`
  query OrgSettings($org: ID!) {
    org(id: $org) { id name description timeZone features products version }
  }
`);

export const UPDATE_ORG = graphql(`
  mutation UpdateOrg($org: ID!, $input: UpdateOrgInput!, $version: Int!) {
    updateOrg(org: $org, input: $input, expectedVersion: $version) { id }
  }
`);

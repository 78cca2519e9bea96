import type { Route } from '../route.ts';

const ORG = 'id name description timeZone features products createdAt updatedAt';

export const orgRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/orgs/{org}',
    summary: 'Returns the org',
    operation: `query ($org: ID!) { org(id: $org) { _version: version ${ORG} } }`,
    pick: 'org',
  },
  {
    method: 'PATCH',
    path: '/orgs/{org}',
    summary: 'Changes the org',
    operation: `mutation ($org: ID!, $input: UpdateOrgInput!, $expectedVersion: Int) {
      updateOrg(org: $org, input: $input, expectedVersion: $expectedVersion) {
        _version: version ${ORG}
      }
    }`,
    example: { name: 'Acme', timeZone: 'Europe/Berlin' },
    pick: 'updateOrg',
  },
];

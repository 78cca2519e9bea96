import { PAGING, page, type Route } from '../route.ts';

const ENTRY = `{ id at actor { kind id name } door requestId action actions
  resource { type id agentId } version sections message }`;

const FILTERS = {
  actor: 'ID',
  action: 'AuditAction',
  resourceType: 'AuditedResourceType',
  resourceId: 'ID',
  start: 'Instant',
  end: 'Instant',
} as const;

const names = Object.keys(FILTERS);
const variables = Object.entries(FILTERS).map(([name, type]) => `$${name}: ${type}`);
const args = names.map((name) => `${name}: $${name}`);

export const auditLogRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/orgs/{org}/audit-log',
    summary: 'Lists the changes in the org',
    extension: true,
    operation: `query ($org: ID!, $first: Int, $after: String, ${variables.join(', ')}) {
      org(id: $org) { auditLog(first: $first, after: $after, ${args.join(', ')}) ${page(ENTRY)} }
    }`,
    query: { ...PAGING, ...Object.fromEntries(names.map((name) => [name, name])) },
    pick: 'org.auditLog',
  },
];

import { graphql } from '../../graphql/graphql.ts';

export const AUDIT_LOG = graphql(`
  query AuditLog(
    $org: ID!
    $action: AuditAction
    $type: AuditedResourceType
    $first: Int!
    $after: String
  ) {
    org(id: $org) {
      auditLog(action: $action, resourceType: $type, first: $first, after: $after) {
        nodes {
          id
          at
          action
          door
          message
          sections
          version
          actor { kind name }
          resource { type id agentId }
        }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
`);

import { graphql } from '../graphql/graphql.ts';

export const VIEWER = graphql(`
  query Viewer {
    viewer {
      id
      kind
      name
      memberships {
        orgId
        role
        scopes
        org { name }
      }
    }
  }
`);

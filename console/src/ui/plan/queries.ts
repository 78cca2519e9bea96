import { graphql } from '../../graphql/graphql.ts';

/** What every plan shows. */
export const PLAN = graphql(`
  fragment Plan on AgentPlan {
    plan
    baseVersion
    changes { section itemId path kind before after }
    blockers { code path message }
    readiness {
      before { code field id message }
      after { code field id message }
    }
  }
`);

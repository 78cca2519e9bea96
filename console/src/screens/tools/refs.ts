import type { ResultOf } from '../../graphql/graphql.ts';
import type { TOOLS } from './queries.ts';

type Agent = NonNullable<NonNullable<ResultOf<typeof TOOLS>['org']>['agent']>;
export type Binding = Agent['toolBindings'][number];

/** What names the binding in every change. */
export interface ToolRef {
  readonly org: string;
  readonly agent: string;
  /** Its id in the catalog. */
  readonly tool: string;
}

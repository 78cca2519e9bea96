import { common } from './common.ts';

/** Texts of the plan of a change. */
export const planTexts = {
  blockers: 'This change is not possible',
  readiness: 'Readiness',
  readinessSame: 'Readiness stays as it is.',
  solved: (count: number) => `${common.count(count, 'finding', 'findings')} less`,
  brought: (count: number) => `${common.count(count, 'finding', 'findings')} more`,
  changes: 'Changes',
};

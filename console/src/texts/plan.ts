import { common } from './common.ts';

/** Texts of what a change would do, before it is made. */
export const planTexts = {
  blocked: 'This change would be refused',
  readiness: 'Readiness',
  fixed: (count: number) => `Fixes ${common.count(count, 'finding', 'findings')}`,
  caused: (count: number) => `Causes ${common.count(count, 'finding', 'findings')}`,
  created: 'What is created',
  left: (count: number) => `${common.count(count, 'finding', 'findings')} to fix afterwards`,
  sameReadiness: 'The readiness of the agent stays the same.',
  stale: {
    title: 'The plan was out of date',
    body: 'Nothing was done. This is the plan for the agent as it is now: read it again.',
  },
};

import { OpenWork, systemWork } from '../../src/work.ts';

/** Work without a deadline, for tests that call services and stores. */
export const WORK = systemWork('test');

/** Work with a deadline, for tests that end it. */
export function boundedWork(): OpenWork {
  return new OpenWork({ origin: WORK.origin, deadline: performance.now() + 10_000 });
}

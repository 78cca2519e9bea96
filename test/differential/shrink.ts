import type { Step } from './history.ts';

/**
 * A shorter history that still fails: parts are left out, first large ones, then small ones.
 *
 * @param fails runs a history
 * @param maxRuns an upper bound of the runs
 */
export async function shrunk(
  history: readonly Step[],
  fails: (steps: readonly Step[]) => Promise<boolean>,
  maxRuns: number,
): Promise<readonly Step[]> {
  let shortest = history;
  let runs = 0;
  for (let size = Math.ceil(history.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let end = shortest.length - 1; end > 0; end -= size) {
      const start = Math.max(0, end - size);
      const shorter = [...shortest.slice(0, start), ...shortest.slice(end)];
      if (runs === maxRuns) return shortest;
      runs += 1;
      if (await fails(shorter)) shortest = shorter;
    }
  }
  return shortest;
}

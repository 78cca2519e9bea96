import type { Step } from './history.ts';

/**
 * A shorter history that still fails: parts are left out, first large ones, then small ones.
 *
 * @param fails runs a history
 * @param deadline when to stop, in milliseconds of `performance.now()`
 */
export async function shrunk(
  history: readonly Step[],
  fails: (steps: readonly Step[]) => Promise<boolean>,
  deadline: number,
): Promise<readonly Step[]> {
  let shortest = history;
  for (let size = Math.ceil(history.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let end = shortest.length - 1; end > 0; end -= size) {
      const start = Math.max(0, end - size);
      const shorter = [...shortest.slice(0, start), ...shortest.slice(end)];
      if (performance.now() > deadline) return shortest;
      if (await fails(shorter)) shortest = shorter;
    }
  }
  return shortest;
}

import type { LineRun } from './line-diff.ts';

/** Lines of a text that were replaced. */
export interface LineEdit {
  /** The index of the first replaced line. */
  readonly start: number;
  /** The index behind the last one; `start` for an insertion. */
  readonly end: number;
  readonly lines: readonly string[];
  /**
   * The edit overlaps or touches another one if the two ranges from `from` to `to`, both included,
   * have a number in common. It contains `start` and `end`, and the lines that the edit could be of
   * instead: which of several equal lines was removed, nobody can say.
   */
  readonly from: number;
  readonly to: number;
}

type Place = Pick<LineEdit, 'start' | 'end' | 'lines'>;

/**
 * The edits of a diff, in order. What was added and removed among equal lines is brought together
 * where that is possible: it is then one replacement, in the place of the added lines.
 *
 * @param base the lines of the text before
 */
export function lineEdits(base: readonly string[], runs: readonly LineRun[]): readonly LineEdit[] {
  let places = placesOf(runs);
  for (let count = 0; count !== places.length; ) {
    count = places.length;
    places = joined(base, places);
  }
  return places.map((place, i) => {
    const { first, last } = slide(base, place, places[i - 1]?.end, places[i + 1]?.start);
    return { ...last, from: Math.min(last.start, first.start + 1), to: last.end };
  });
}

function placesOf(runs: readonly LineRun[]): readonly Place[] {
  const places: Place[] = [];
  let at = 0;
  let open: Place | undefined;
  for (const { kind, lines } of runs) {
    if (kind === 'same') {
      if (open) places.push(open);
      open = undefined;
    } else {
      const place: Place = open ?? { start: at, end: at, lines: [] };
      open =
        kind === 'removed'
          ? { ...place, end: place.end + lines.length }
          : { ...place, lines: [...place.lines, ...lines] };
    }
    if (kind !== 'added') at += lines.length;
  }
  return open ? [...places, open] : places;
}

/** The edits, with those joined that can be brought together. */
function joined(base: readonly string[], places: readonly Place[]): readonly Place[] {
  const result: Place[] = [];
  places.forEach((place, i) => {
    const before = result.at(-1);
    const { first, last } = slide(base, place, before?.end, places[i + 1]?.start);
    if (before && first.start === before.end) {
      result[result.length - 1] = withBehind(before, first);
      return;
    }
    result.push(last);
  });
  return result;
}

function withBehind(one: Place, other: Place): Place {
  return { start: one.start, end: other.end, lines: [...one.lines, ...other.lines] };
}

/**
 * The first and the last place where an edit makes the same text. Only lines that were all removed,
 * or all added, can be others: `b` in front of `b`, or behind it.
 *
 * @param min the index behind the edit before
 * @param max the index of the edit behind
 */
function slide(
  base: readonly string[],
  place: Place,
  min = 0,
  max = base.length,
): { readonly first: Place; readonly last: Place } {
  const { start, end, lines } = place;
  const length = lines.length + end - start;
  if (start < end && lines.length > 0) return { first: place, last: place };
  // What was added or removed, repeated in both directions.
  const changed = lines.length > 0 ? lines : base.slice(start, end);
  const at = (i: number) => changed[modulo(i, length)];
  let up = 0;
  while (start - up > min && base[start - up - 1] === at(-up - 1)) up += 1;
  let down = 0;
  while (end + down < max && base[end + down] === at(down)) down += 1;
  return { first: moved(place, -up), last: moved(place, down) };
}

function moved({ start, end, lines }: Place, by: number): Place {
  const turn = lines.length > 0 ? modulo(by, lines.length) : 0;
  return {
    start: start + by,
    end: end + by,
    lines: [...lines.slice(turn), ...lines.slice(0, turn)],
  };
}

/** From 0 on, also for a negative `i`. */
function modulo(i: number, length: number): number {
  return ((i % length) + length) % length;
}

/** The one order of texts, and their length in bytes. Both back ends sort and compare by UTF-8. */

/** Compares by UTF-8, as indexes, minima and maxima do. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (left !== right) return placeOf(left) - placeOf(right);
  }
  return a.length - b.length;
}

/** The place of a UTF-16 unit in the order of UTF-8: surrogates encode what follows all other units. */
function placeOf(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}

/** The lesser of two texts, or the only one. */
export function lesser(text: string, other: string | undefined): string {
  return other === undefined || compareText(text, other) < 0 ? text : other;
}

/** The greater of two texts, or the only one. */
export function greater(text: string, other: string | undefined): string {
  return other === undefined || compareText(text, other) > 0 ? text : other;
}

/** The bytes of the texts among the values. */
export function bytesOf(values: readonly unknown[]): number {
  return values.reduce<number>(
    (sum, it) => sum + (typeof it === 'string' ? Buffer.byteLength(it) : 0),
    0,
  );
}

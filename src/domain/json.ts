/**
 * Whether two values are the same JSON. The order of an object's fields does not count, and neither
 * does its prototype: parsers and GraphQL make objects without one.
 */
export function isSameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return false;
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
    return one.every((item, i) => isSameJson(item, other[i]));
  }
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => {
    if (!Object.hasOwn(other, name)) return false;
    return isSameJson((one as Fields)[name], (other as Fields)[name]);
  });
}

type Fields = Readonly<Record<string, unknown>>;

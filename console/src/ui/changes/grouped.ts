/** Changes by a part of each, in their order. */
export function grouped<Change, Key>(
  changes: readonly Change[],
  keyOf: (change: Change) => Key,
): ReadonlyMap<Key, readonly Change[]> {
  const groups = new Map<Key, Change[]>();
  for (const change of changes) {
    const group = groups.get(keyOf(change));
    if (group) group.push(change);
    else groups.set(keyOf(change), [change]);
  }
  return groups;
}

/** A CPU profile as V8's inspector gives it; times in microseconds. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** The node that was running, by id, and how long before the sample was. */
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

export interface ProfileNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly children?: readonly number[];
}

/** Line and column count from 0. */
export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/**
 * Where a function is from: its name, and the package or file that it is in. Without a group,
 * as built-in and generated functions are, it counts for its caller's.
 */
export interface Place {
  readonly name: string;
  readonly group: string | undefined;
}

interface Grouped extends Place {
  readonly group: string;
}

/** Where the time went: `self` and `total` are shares of the main thread's time that is not idle. */
export interface Costs {
  readonly functions: readonly (Grouped & { readonly self: number })[];
  /** `total` counts what a group called, too: those of all groups add up to more than 1. */
  readonly groups: readonly {
    readonly group: string;
    readonly self: number;
    readonly total: number;
  }[];
}

/**
 * Adds up profiles by function and by group, the dearest first.
 *
 * @param placeOf finds where a function is from
 */
export function costsOf(
  profiles: readonly CpuProfile[],
  placeOf: (frame: CallFrame) => Place,
): Costs {
  const functions = new Map<string, Grouped & { self: number }>();
  const groups = new Map<string, { self: number; total: number }>();
  const groupOf = (name: string) => {
    const group = groups.get(name) ?? { self: 0, total: 0 };
    groups.set(name, group);
    return group;
  };
  let busy = 0;
  for (const profile of profiles) {
    const self = selfTimes(profile);
    const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
    const add = (node: ProfileNode, caller: string, callers: ReadonlySet<string>): number => {
      if (node.callFrame.functionName === '(idle)') return 0;
      const found = placeOf(node.callFrame);
      const place = { name: found.name, group: found.group ?? caller };
      const own = self.get(node.id) ?? 0;
      const inside = new Set(callers).add(place.group);
      const below = (node.children ?? []).reduce((sum, id) => {
        const child = nodes.get(id);
        return child ? sum + add(child, place.group, inside) : sum;
      }, 0);
      const key = `${place.group} ${place.name}`;
      const known = functions.get(key) ?? { ...place, self: 0 };
      known.self += own;
      functions.set(key, known);
      const group = groupOf(place.group);
      group.self += own;
      if (!callers.has(place.group)) group.total += own + below;
      return own + below;
    };
    for (const root of roots(profile)) busy += add(root, NO_CALLER, new Set());
  }
  const share = (time: number) => (busy === 0 ? 0 : time / busy);
  return {
    functions: [...functions.values()]
      .map((it) => ({ ...it, self: share(it.self) }))
      .sort((a, b) => b.self - a.self),
    groups: [...groups]
      .map(([group, { self, total }]) => ({ group, self: share(self), total: share(total) }))
      .sort((a, b) => b.self - a.self),
  };
}

/** Functions without a source that no function of one called. */
const NO_CALLER = '(native)';

function selfTimes({ samples = [], timeDeltas = [] }: CpuProfile): Map<number, number> {
  const times = new Map<number, number>();
  samples.forEach((id, i) => {
    // A sample's node ran until the next sample.
    times.set(id, (times.get(id) ?? 0) + Math.max(0, timeDeltas[i + 1] ?? 0));
  });
  return times;
}

function roots({ nodes }: CpuProfile): ProfileNode[] {
  const children = new Set(nodes.flatMap(({ children = [] }) => children));
  return nodes.filter(({ id }) => !children.has(id));
}

/** The package of a source under `node_modules`, or its path in this project. */
export function groupOf(source: string): string {
  const [, inside] = /^.*node_modules\/(.+)$/.exec(source) ?? [];
  if (inside === undefined) return source;
  return inside
    .split('/')
    .slice(0, inside.startsWith('@') ? 2 : 1)
    .join('/');
}

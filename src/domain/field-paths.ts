/**
 * Paths of fields in a `Change`: `config.headers["x.id"]`. A name that is no
 * identifier is quoted, so that every path has one meaning and can be read back.
 */

const PLAIN = /^[A-Za-z_$][\w$-]*$/;
const STEP = /(?:^|\.)([A-Za-z_$][\w$-]*)|\[("(?:[^"\\]|\\.)*")\]/y;

export function fieldPath(steps: readonly string[]): string {
  return steps.reduce((path, step) => {
    if (!PLAIN.test(step)) return `${path}[${JSON.stringify(step)}]`;
    return path === '' ? step : `${path}.${step}`;
  }, '');
}

/** The inverse of `fieldPath`. @throws Error for a text that it does not return */
export function fieldSteps(path: string): readonly string[] {
  const steps: string[] = [];
  const pattern = new RegExp(STEP);
  while (pattern.lastIndex < path.length) {
    const [, plain, quoted] = pattern.exec(path) ?? [];
    const step = quoted === undefined ? plain : (JSON.parse(quoted) as string);
    if (step === undefined) throw new Error(`'${path}' is not the path of a field`);
    steps.push(step);
  }
  return steps;
}

/** Whether `inner` is the path of a field within the value at `outer`. */
export function isBelow(inner: string, outer: string): boolean {
  return inner.startsWith(outer) && ['.', '['].includes(inner.charAt(outer.length));
}
